import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listClasses, proposeClass, type ClassScope, type TrainingClass } from '../../../services/classes'
import { seat } from '../../../services/face'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import type { Word } from '../../../words/agreement'
import { seatsLine, spanOf } from '../../../words/classes'
import { categoryWords, classStates, modeWords } from '../../../words/learning'
import { classBody, proposal } from '../class-forms'

interface Row {
  id: string
  title: string
  word: Word
  when: string
  line: string
  mine: string
}

function mineOf(c: TrainingClass): string {
  if (c.my.signed_in_at) return '你签到了'
  if (!c.my.enrolled) return ''
  return c.state === 'running' ? '你报了名，去签到' : '你报了名'
}

const row = (c: TrainingClass): Row => ({
  id: c.id,
  title: c.title,
  word: classStates[c.state],
  when: spanOf(c.starts_at, c.ends_at, now()),
  line: `${categoryWords[c.category].word} · ${modeWords[c.mode]} · ${seatsLine(c)}`,
  mine: mineOf(c),
})

const empties: Record<ClassScope, string> = { upcoming: '还没有安排。要培训可以请经理和乙方约。', past: '还没有上过课。', mine: '你还没报名，看看「将要上的」。' }

Page({
  data: {
    scale, ...loading,
    scopes: [{ value: 'upcoming' as ClassScope, text: '将要上的' }, { value: 'mine' as ClassScope, text: '我的' }, { value: 'past' as ClassScope, text: '上过的' }],
    scope: 'upcoming' as ClassScope, rows: [] as Row[], cursor: '', empty: '', mayPropose: false, ...closed,
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    const { scope } = this.data
    await filling(this, async () => {
      await ensureSession()
      const { items, next_cursor } = await listClasses(scope)
      if (scope === this.data.scope) this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '', empty: empties[scope], mayPropose: ['lead', 'manager'].includes(seat()) })
    })
  },

  async onReachBottom() {
    const { cursor, rows, scope } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listClasses(scope, cursor)
      if (scope === this.data.scope) this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onScope(e: WechatMiniprogram.TouchEvent<object, object, { value: ClassScope }>) {
    this.setData({ scope: e.currentTarget.dataset.value, rows: [] })
    void this.load()
  },

  onClass(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/training/class/class?id=${e.currentTarget.dataset.id}` })
  },

  onPropose() {
    openSheet(this, 'propose', proposal)
  },

  onSubmit(e: SubmitEvent) {
    void submit(this, e, {
      send: async ({ fields, key }) => {
        await proposeClass(classBody(fields), key)
        await this.load()
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
