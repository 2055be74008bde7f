import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { changeItem, getWork, preview, removeItem, type Work, type WorkItem } from '../../../services/courses'
import { explain, Problem } from '../../../services/problem'
import { ensureSession } from '../../../services/session'
import { forgetWriting, keepWriting, openWriting, type Writing } from '../../../services/writing'

Page({
  data: { scale, ...loading, title: '', words: '', isQuiz: false, mayEdit: false, restored: false, dirty: false, showing: false, html: '', busy: false, notice: '', errors: {} as Record<string, string> },

  course: '',
  item: '',
  work: null as Work | null,

  onLoad(query: { course?: string; id?: string }) {
    this.course = query.course ?? ''
    this.item = query.id ?? ''
    void this.load()
  },

  ...retrying,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      this.show(await getWork(this.course), openWriting(this.item))
    })
  },

  show(w: Work, written: Writing | null) {
    this.work = w
    const found = this.found()
    if (!found) throw new Problem(404, 'NOT_FOUND', '这一项不在了')
    const isQuiz = found.kind === 'quiz'
    const words = (isQuiz ? found.questions_text : found.body_md) ?? ''
    this.setData({ phase: 'ready', isQuiz, mayEdit: w.state === 'draft', title: written?.title ?? found.title, words: written?.words ?? words, restored: written !== null, dirty: written !== null, notice: '' })
  },

  found(): WorkItem | undefined {
    return this.work?.sections.flatMap((s) => s.items).find((i) => i.id === this.item)
  },

  onTitle(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.keep({ title: e.detail.value })
  },

  onWords(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.keep({ words: e.detail.value })
  },

  keep(change: { title?: string; words?: string }) {
    this.setData({ ...change, dirty: true, notice: '', errors: {} })
    const { title, words } = this.data
    keepWriting(this.item, { title, words })
  },

  async onPreview() {
    if (this.data.showing) {
      this.setData({ showing: false })
      return
    }
    this.setData({ busy: true, notice: '' })
    try {
      this.setData({ html: (await preview(this.data.words)).html, showing: true })
    } catch (e) {
      this.setData({ notice: explain(e) })
    }
    this.setData({ busy: false })
  },

  async onSave() {
    const { busy, title, words, isQuiz } = this.data
    if (busy || !this.work) return
    this.setData({ busy: true, notice: '' })
    try {
      const work = await changeItem(this.work, this.item, { title: title.trim(), ...(isQuiz ? { questions_text: words } : { body_md: words }) })
      forgetWriting()
      this.show(work, null)
      void wx.showToast({ title: '已保存' })
    } catch (e) {
      this.setData({ notice: explain(e), errors: e instanceof Problem ? e.byField : {} })
      // Somebody else saved first: the next try is decided on what is there now; the words stay.
      this.work = await getWork(this.course).catch(() => this.work)
    }
    this.setData({ busy: false })
  },

  onDiscard() {
    forgetWriting()
    if (this.work) this.show(this.work, null)
  },

  async onRemove() {
    const { work } = this
    if (!work) return
    const { confirm } = await wx.showModal({ title: '去掉这一项？', content: '下次发布后员工不再看到它；学过的记录还在。', confirmText: '去掉' })
    if (!confirm) return
    try {
      await removeItem(work, this.item)
      await wx.navigateBack()
    } catch (e) {
      this.setData({ notice: explain(e) })
    }
  },
})
