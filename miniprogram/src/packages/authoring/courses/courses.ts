import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { COURSE_STATES, listWork, newCourse, type CourseState, type WorkSummary } from '../../../services/courses'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import type { Word } from '../../../words/agreement'
import { categoryWords } from '../../../words/learning'
import { timeWords } from '../../../words/time'
import { courseBody, courseForm } from '../forms'
import { courseStates } from '../words'

interface Row {
  id: string
  title: string
  word: Word
  line: string
  draft: string
}

const row = (w: WorkSummary): Row => ({
  id: w.id,
  title: w.title,
  word: courseStates[w.state],
  line: [categoryWords[w.category].word, `${w.items} 项`, w.edition ? `第 ${w.edition} 版` : '还没发布过', timeWords(w.updated_at, now())].join(' · '),
  draft: w.draft && w.state === 'published' ? '有改动没发布' : '',
})

Page({
  data: {
    scale, ...loading,
    states: [{ value: '' as CourseState | '', text: '全部' }, ...COURSE_STATES.map((value) => ({ value: value as CourseState | '', text: courseStates[value].text }))],
    state: '' as CourseState | '', rows: [] as Row[], cursor: '', ...closed,
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    const { state } = this.data
    await filling(this, async () => {
      await ensureSession()
      const { items, next_cursor } = await listWork(state)
      if (state === this.data.state) this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '' })
    })
  },

  async onReachBottom() {
    const { cursor, rows, state } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listWork(state, cursor)
      if (state === this.data.state) this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onState(e: WechatMiniprogram.TouchEvent<object, object, { value: CourseState | '' }>) {
    this.setData({ state: e.currentTarget.dataset.value })
    void this.load()
  },

  onCourse(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/authoring/course/course?id=${e.currentTarget.dataset.id}` })
  },

  onNew() {
    openSheet(this, 'course', courseForm)
  },

  onSubmit(e: SubmitEvent) {
    void submit(this, e, {
      send: async ({ fields, key }) => {
        const { id } = await newCourse(courseBody(fields), key)
        await wx.navigateTo({ url: `/packages/authoring/course/course?id=${id}` })
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
