import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { addressOf } from '../../../config'
import { getMaterial, type Beside, type Material, type Progress } from '../../../services/learning'
import { explain } from '../../../services/problem'
import { ensureSession } from '../../../services/session'
import { onTick } from '../../../ticker'
import { fetchDocument } from '../documents'
import { listening, Recorder, sayDone } from '../recorder'
import { Dwelling } from './dwelling'
import { pageBeats, readUpTo } from './pages'

const BEAT = 10

const spanOf = (seconds: number): string => (seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分${seconds % 60 ? ` ${seconds % 60} 秒` : ''}`)

Page({
  data: {
    scale,
    ...loading,
    material: null as Material | null,
    isDocument: false,
    opening: false,
    upTo: 0,
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
  dwelling: null as Dwelling | null,
  recorder: null as Recorder | null,
  stop: (): void => undefined,
  page: undefined as number | undefined,

  onLoad(query: { id?: string; suggestion?: string }) {
    this.id = query.id ?? ''
    this.setData({ suggestion: query.suggestion ?? '' })
    void this.load()
  },

  /** A document lies over this page while it is read: its time begins with opening it, and no sign tells when it ends. */
  onShow() {
    if (!this.data.isDocument) this.dwelling?.show(Date.now())
  },

  onHide() {
    this.tell()
    if (!this.data.isDocument) this.dwelling?.hide(Date.now())
  },

  onUnload() {
    this.tell()
    this.stop()
    this.recorder?.close()
  },

  ...retrying,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const m = await getMaterial(this.id)
      void wx.setNavigationBarTitle({ title: m.title })
      const isDocument = m.content_url !== null
      this.dwelling = new Dwelling(m.my.dwell_seconds)
      // A document is read while it is open, not while its page lies beside it.
      if (!isDocument) this.dwelling.show(Date.now())
      this.setData({ phase: 'ready', material: m, isDocument, upTo: m.pages ? readUpTo(m.my.intervals) : 0, next: m.next })
      this.showProgress(m.my.completed, m.my.coverage)
      await this.follow(m)
    })
  },

  async follow(m: Material) {
    if (m.my.completed || m.kind === 'link') return
    this.recorder = new Recorder(m.id, listening(this))
    this.stop = onTick(() => this.tick())
    await this.recorder.open({ dwell_seconds: 0 })
  },

  heard(p: Progress) {
    const finished = p.completed && !this.data.done
    this.showProgress(p.completed, p.coverage)
    if (!finished) return
    this.stop()
    sayDone(p)
  },

  tick() {
    const { done, material } = this.data
    if (done || !material) return
    this.showProgress(false, this.data.percent)
    const left = material.min_dwell_seconds - (this.dwelling?.total(Date.now()) ?? 0)
    // Once at the end at once: nobody should wait for a beat that is due in nine seconds.
    if (left === 0 || this.ticks++ % BEAT === BEAT - 1) this.tell()
  },

  ticks: 0,

  /** What was read since the last beat. */
  tell() {
    const { isDocument, upTo, material } = this.data
    // Seconds of pages that nobody has claimed yet wait for the claim.
    if (!this.recorder?.isOpen || (isDocument && upTo < (material?.pages ?? 0))) return
    const seconds = (this.dwelling?.take(Date.now()) ?? 0)
    if (seconds > 0) this.recorder.note({ dwell_seconds: seconds })
  },

  showProgress(done: boolean, coverage: number) {
    const { material: m } = this.data
    if (!m || m.kind === 'link') return
    const spent = (this.dwelling?.total(Date.now()) ?? 0)
    const asked = m.min_dwell_seconds
    const percent = done ? 100 : m.pages ? coverage : Math.min(99, Math.floor((spent * 100) / Math.max(1, asked)))
    const read = `已读 ${spanOf(Math.min(spent, asked))}，读满 ${spanOf(asked)}算学完`
    const line = done ? '已学完' : m.pages ? `已看 ${this.data.upTo} / ${m.pages} 页；${read}` : read
    if (line !== this.data.line || done !== this.data.done || percent !== this.data.percent) this.setData({ done, percent, line })
  },

  /** The phone's own viewer; time counts until the person is back. */
  async onOpen() {
    const { material, opening } = this.data
    if (!material?.content_url || opening) return
    this.setData({ opening: true, notice: '' })
    try {
      const filePath = await fetchDocument(addressOf(material.content_url), material.version_id)
      await wx.openDocument({ filePath, fileType: 'pdf', showMenu: false })
      this.dwelling?.show(Date.now())
    } catch (e) {
      this.setData({ notice: explain(e) })
    }
    this.setData({ opening: false })
  },

  /** Only the reader knows how far they got. */
  onPages(e: WechatMiniprogram.TouchEvent<object, object, { by: number }>) {
    const { material, upTo } = this.data
    if (!material?.pages) return
    const to = Math.min(material.pages, Math.max(upTo, upTo + e.currentTarget.dataset.by))
    const seconds = (this.dwelling?.take(Date.now()) ?? 0)
    if (this.recorder?.isOpen) for (const beat of pageBeats(upTo, to, seconds)) this.recorder.note(beat)
    this.setData({ upTo: to })
    this.showProgress(this.data.done, this.data.percent)
  },

  onLink() {
    const { link } = this.data.material ?? {}
    if (link) wx.navigateTo({ url: link, fail: () => wx.switchTab({ url: link }) })
  },
})
