import { scale } from '../../../look'
import { actOnExit, getExit, type ExitAction, type ExitChecklist, type ExitKind } from '../../../services/agreement'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { exitWords, recordStates, type Word } from '../../../words/agreement'
import { timeWords } from '../../../words/time'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { itemViews, type ItemView } from '../items'
import { exitForms } from './forms'

interface Row extends ItemView {
  text: string
  done: boolean
  decide: boolean
}

Page({
  data: { scale, phase: 'loading' as 'loading' | 'ready' | 'failed' | 'none', reason: '', list: null as ExitChecklist | null, word: recordStates.open as Word, began: '', closedAt: '', rows: [] as Row[], sheetFor: '', ...closed },

  number: 0,

  onLoad() {
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  onBack() {
    void wx.navigateBack()
  },

  async load() {
    try {
      this.show(await getExit())
    } catch (e) {
      if (isCode(e, 'NOT_FOUND')) this.setData({ phase: 'none' })
      else if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  show(list: ExitChecklist) {
    const can = (a: ExitAction): boolean => list.allowed_actions.includes(a)
    const kinds = new Map(list.items.map((i) => [i.number, i.item as ExitKind]))
    this.setData({
      phase: 'ready',
      list,
      word: list.state === 'accepted' ? { ...recordStates.accepted, text: '已了结' } : { ...recordStates.open, text: '进行中' },
      began: timeWords(list.began_at, now()),
      closedAt: list.closed_at ? timeWords(list.closed_at, now()) : '',
      rows: itemViews(list.items).map((i): Row => {
        const kind = kinds.get(i.number)
        return { ...i, text: kind ? exitWords[kind].text : '', done: can('done') && (i.state === 'open' || i.state === 'rejected'), decide: can('confirm') && i.state === 'provided' }
      }),
    })
  },

  onItem(e: WechatMiniprogram.TouchEvent<object, object, { number: number; action: ExitAction }>) {
    const { number, action } = e.currentTarget.dataset
    this.number = number
    const row = this.data.rows.find((r) => r.number === this.number)
    if (!row) return
    this.setData({ sheetFor: `exit-${number}` })
    openSheet(this, action, exitForms[action], action === 'return' ? [] : [`${row.title}：${row.text}`, ...(action === 'confirm' ? [row.note] : [])])
  },

  onSubmit(e: SubmitEvent) {
    const { list } = this.data
    if (!list) return
    void submit(this, e, {
      send: async ({ name, fields }) => {
        const { attachment_ids, ...rest } = fields as { attachment_ids?: string[] }
        const file = attachment_ids?.[0]
        this.show(await actOnExit(list, name as ExitAction, { number: this.number, ...rest, ...(file ? { attachment_id: file } : {}) }))
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
