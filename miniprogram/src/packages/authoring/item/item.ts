import { addressOf } from '../../../config'
import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { sizeWords } from '../../../services/attachments'
import { changeItem, getWork, preview, removeItem, type Work, type WorkItem } from '../../../services/courses'
import { explain, Problem } from '../../../services/problem'
import { ensureSession } from '../../../services/session'
import { sendAll, sendingOf, type Picked, type Sending } from '../../../services/uploads'
import { forgetWriting, keepWriting, openWriting, type Writing } from '../../../services/writing'
import { materialWords, playTime } from '../../../words/learning'
import { chooseFor, choosePictures, hasFile } from '../choosing'
import { bodyOf, leavesOf, moved, type Leaf } from '../pages'

/** A page as it is edited: `src` is where its picture can be seen, when it can. */
type Sheet = Leaf & { no: number; src: string }

const numbered = (leaves: readonly (Leaf & { src: string })[]): Sheet[] => leaves.map((l, i) => ({ ...l, no: i + 1 }))

function mediaLine({ kind, media }: WorkItem): string {
  if (!media) return ''
  const length = media.duration_ms === null ? '' : playTime(media.duration_ms / 1000)
  return [materialWords[kind].word, length, media.pages ? `${media.pages} 页` : '', sizeWords(media.size)].filter(Boolean).join(' · ')
}

Page({
  data: {
    scale, ...loading, title: '', words: '', kind: 'article' as WorkItem['kind'], isQuiz: false, isSlides: false, hasFile: false, plays: false, mediaLine: '', film: '', captions: '', pages: [] as Sheet[],
    mayEdit: false, restored: false, dirty: false, showing: false, html: '', busy: false, percent: -1, stuck: false, notice: '', errors: {} as Record<string, string>,
  },

  course: '',
  item: '',
  work: null as Work | null,
  /** What is on its way, and what becomes of it when it is there. */
  sending: [] as Sending[],
  arrived: null as ((ids: string[]) => unknown) | null,

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
    const { kind } = found
    const isQuiz = kind === 'quiz'
    const words = written?.words ?? (isQuiz ? found.questions_text : found.body_md) ?? ''
    const plays = kind === 'video' || kind === 'audio'
    this.setData({
      phase: 'ready', kind, isQuiz, isSlides: kind === 'slides', hasFile: hasFile(kind), plays, mediaLine: mediaLine(found), film: kind === 'video' && found.media ? addressOf(found.media.content_url) : '',
      mayEdit: w.state === 'draft', title: written?.title ?? found.title, words, captions: written?.captions ?? found.captions ?? '', restored: written !== null, dirty: written !== null, notice: '',
    })
    if (kind === 'slides') this.showPages(words, found)
  },

  /** Pictures that are saved are seen by their address; others are still on this phone, or were before. */
  showPages(words: string, found: WorkItem) {
    const saved = new Map(leavesOf(found.body_md ?? '').map((l, i) => [l.target, addressOf(found.slides[i]?.image_url ?? '')]))
    const known = new Map(this.data.pages.map((p) => [p.target, p.src]))
    this.setData({ pages: numbered(leavesOf(words).map((l) => ({ ...l, src: saved.get(l.target) ?? known.get(l.target) ?? '' }))) })
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

  onCaptions(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.keep({ captions: e.detail.value })
  },

  keep(change: { title?: string; words?: string; captions?: string }) {
    this.setData({ ...change, dirty: true, notice: '', errors: {} })
    const { title, words, captions } = this.data
    keepWriting(this.item, { title, words, captions })
  },

  keepPages(pages: readonly (Leaf & { src: string })[]) {
    this.setData({ pages: numbered(pages) })
    this.keep({ words: bodyOf(pages) })
  },

  onPageWords(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { at: number }>) {
    const { at } = e.currentTarget.dataset
    // The textarea shows what is typed by itself: drawing it again would move the cursor.
    this.data.pages = this.data.pages.map((p, i) => (i === at ? { ...p, words: e.detail.value } : p))
    this.keep({ words: bodyOf(this.data.pages) })
  },

  onPageMoved(e: WechatMiniprogram.TouchEvent<object, object, { at: number; by: number }>) {
    const { at, by } = e.currentTarget.dataset
    this.keepPages(moved(this.data.pages, at, by))
  },

  onPageGone(e: WechatMiniprogram.TouchEvent<object, object, { at: number }>) {
    this.keepPages(this.data.pages.filter((_, i) => i !== e.currentTarget.dataset.at))
  },

  async onAddPages() {
    await this.upload(await chooseFor('slides'), (ids) => {
      const added = ids.map((id, i) => ({ alt: '', target: `upload:${id}`, words: '', src: this.sending[i]?.file.path ?? '' }))
      this.keepPages([...this.data.pages, ...added])
    })
  },

  async onAddPicture() {
    const picked = await choosePictures().catch(() => [])
    await this.upload(picked, (ids) => this.keep({ words: `${this.data.words.trimEnd()}\n\n${ids.map((id) => `![这张图说的是什么](upload:${id})`).join('\n\n')}\n` }))
  },

  /** Another file for what plays or is a document: it counts as soon as it is there. */
  async onFile() {
    await this.upload(await chooseFor(this.data.kind), (ids) => this.save({ upload_id: ids[0] ?? '' }))
  },

  async upload(picked: Picked[], arrived: (ids: string[]) => unknown) {
    if (!picked.length || this.data.busy) return
    this.sending = picked.map(sendingOf)
    this.arrived = arrived
    await this.onGoOn()
  },

  /** Begins, or goes on after a broken network. */
  async onGoOn() {
    if (this.data.busy || !this.sending.length) return
    this.setData({ busy: true, stuck: false, percent: 0, notice: '' })
    try {
      const ids = await sendAll(this.sending, (percent) => percent !== this.data.percent && this.setData({ percent }))
      this.setData({ busy: false })
      await this.arrived?.(ids)
      this.sending = []
    } catch (e) {
      const stuck = e instanceof Problem && e.unanswered
      if (!stuck) this.sending = []
      this.setData({ notice: stuck ? `${explain(e)}。传到的都留着，接着传就行。` : explain(e), stuck })
    }
    this.setData({ busy: false, percent: -1 })
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
    const { title, words, isQuiz, plays, captions } = this.data
    await this.save({ title: title.trim(), ...(isQuiz ? { questions_text: words } : { body_md: words }), ...(plays ? { captions: captions.trim() } : {}) })
  },

  async save(change: object) {
    if (this.data.busy || !this.work) return
    this.setData({ busy: true, notice: '' })
    try {
      const whole = 'title' in change
      const work = await changeItem(this.work, this.item, change)
      if (whole) forgetWriting()
      const { title, words, captions } = this.data
      this.show(work, !whole && this.data.dirty ? { title, words, captions } : null)
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
