import { addressOf } from '../../../config'
import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { getMaterial, type Beside, type Material, type Progress, type Slide } from '../../../services/learning'
import { ensureSession } from '../../../services/session'
import { onTick } from '../../../ticker'
import { listening, Recorder, sayDone } from '../recorder'
import { seenPages, Turning } from './turning'

/** Beyond what the server asks: its clock and the network's delays must not cost anybody a page. */
const SPARE_MS = 1000
/** An address of a picture that has died is fetched anew, not again and again. */
const AGAIN_MS = 10_000
/** Width of a page's picture; its height follows the first picture. */
const WIDE = 686

Page({
  data: {
    scale,
    ...loading,
    material: null as Material | null,
    pages: [] as (Slide & { no: number; seen: boolean })[],
    at: 0,
    high: 480,
    done: false,
    percent: 0,
    line: '',
    waiting: '',
    notice: '',
    next: null as Beside | null,
    suggestion: '',
  },

  id: '',
  /** Made when the page is: what stands here is copied, and a copy has no methods. */
  turning: null as Turning | null,
  recorder: null as Recorder | null,
  fetchedAt: 0,
  stop: (): void => undefined,

  onLoad(query: { id?: string; suggestion?: string }) {
    this.id = query.id ?? ''
    this.setData({ suggestion: query.suggestion ?? '' })
    void this.load()
  },

  onShow() {
    this.turning?.show(this.data.at + 1, Date.now())
  },

  /** A picture that is looked at closely lies over this page; that time does not count. */
  onHide() {
    this.turning?.hide(Date.now())
    this.tell(true)
  },

  onUnload() {
    this.turning?.hide(Date.now())
    this.tell(true)
    this.stop()
    this.recorder?.close()
  },

  ...retrying,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const m = await getMaterial(this.id)
      // Slides of earlier editions are one PDF.
      if (!m.slides.length) return void wx.redirectTo({ url: `/packages/training/reader/reader?id=${this.id}` })
      void wx.setNavigationBarTitle({ title: m.title })
      const at = Math.min(m.slides.length, Math.max(1, m.my.page ?? 1)) - 1
      this.setData({ phase: 'ready', at, next: m.next })
      this.show(m)
      this.turning?.show(at + 1, Date.now())
      if (!m.my.completed) await this.follow(m, at + 1)
    })
  },

  show(m: Material) {
    this.fetchedAt = Date.now()
    const seen = seenPages(m.my.intervals)
    this.turning = new Turning(m.my.dwell_seconds, m.page_ms + SPARE_MS, seen)
    this.setData({ material: m, pages: m.slides.map((s, i) => ({ ...s, no: i + 1, image_url: addressOf(s.image_url), seen: seen.has(i + 1) })) })
    this.showProgress(m.my.completed)
  },

  async follow(m: Material, page: number) {
    this.recorder = new Recorder(m.id, listening(this))
    this.stop = onTick(() => this.tell(false))
    await this.recorder.open({ dwell_seconds: 0, page })
  },

  heard(p: Progress) {
    const finished = p.completed && !this.data.done
    this.showProgress(p.completed)
    if (finished) {
      this.stop()
      sayDone(p)
    }
    // What the server did not believe must not stand here as seen.
    const ours = Math.floor(((this.turning?.seen.size ?? 0) * 100) / Math.max(1, this.data.pages.length))
    if (!p.completed && !this.data.waiting && ours > p.coverage) void this.correct()
  },

  async correct() {
    const m = await getMaterial(this.id).catch(() => null)
    if (!m) return
    this.show(m)
    this.turning?.show(this.data.at + 1, Date.now())
  },

  /** Tells what counts; `all`: what does not count yet too, because the page is left. */
  tell(all: boolean) {
    const { turning, recorder } = this
    const { material, done, pages } = this.data
    if (!turning || !recorder?.isOpen || !material || done) return
    const now = Date.now()
    const onlyTime = turning.seen.size === pages.length && turning.total(now) >= material.min_dwell_seconds
    for (const beat of all || onlyTime ? [...turning.due(now), ...turning.rest(now)] : turning.due(now)) recorder.note(beat)
    this.showProgress(false)
  },

  showProgress(done: boolean) {
    const { material: m, pages } = this.data
    const { turning } = this
    if (!m || !turning || !pages.length) return
    const left = m.min_dwell_seconds - turning.total(Date.now())
    const count = turning.seen.size
    const reading = count < pages.length ? `看过 ${count} / ${pages.length} 页；每页停一会儿才算看过` : left > 0 ? `每页都看过了，再看 ${left} 秒算学完` : '每页都看过了'
    const line = done ? '已学完' : reading
    const percent = done ? 100 : Math.min(99, Math.floor((count * 100) / pages.length))
    const change: Record<string, unknown> = {}
    pages.forEach((page, i) => {
      const seen = turning.seen.has(i + 1)
      if (seen !== page.seen) change[`pages[${i}].seen`] = seen
    })
    if (line !== this.data.line || done !== this.data.done || percent !== this.data.percent) Object.assign(change, { line, done, percent })
    if (Object.keys(change).length) this.setData(change)
  },

  onSwiped(e: WechatMiniprogram.CustomEvent<{ current: number }>) {
    this.turn(e.detail.current)
  },

  onTurn(e: WechatMiniprogram.TouchEvent<object, object, { by: number }>) {
    this.turn(this.data.at + e.currentTarget.dataset.by)
  },

  turn(to: number) {
    if (to === this.data.at || to < 0 || to >= this.data.pages.length) return
    this.turning?.show(to + 1, Date.now())
    this.setData({ at: to })
    this.tell(false)
  },

  /** The one that is shown: whoever pages on inside the big picture would read pages that nobody counts. */
  onZoom() {
    const page = this.data.pages[this.data.at]
    if (page) void wx.previewImage({ urls: [page.image_url] })
  },

  onPicture(e: WechatMiniprogram.CustomEvent<{ width: number; height: number }, object, { first: boolean }>) {
    const { width, height } = e.detail
    if (!e.currentTarget.dataset.first || !width) return
    const high = Math.floor(Math.min(960, Math.max(300, (WIDE * height) / width)))
    if (high !== this.data.high) this.setData({ high })
  },

  onPictureLost() {
    if (Date.now() - this.fetchedAt > AGAIN_MS) void this.correct()
    else this.setData({ notice: '图片没有取到。请检查网络，退出再进来。' })
  },
})
