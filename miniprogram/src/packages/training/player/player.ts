import { addressOf } from '../../../config'
import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { getMaterial, type Beside, type Material, type Progress } from '../../../services/learning'
import { ensureSession } from '../../../services/session'
import { playTime } from '../../../words/learning'
import { fetchText } from '../documents'
import { listening, Recorder, sayDone } from '../recorder'
import { cueAt, cuesOf, type Cue } from './captions'
import { audioTape, videoTape, type Tape } from './tape'
import { bars, share, united, Watching, type Pair, type Stretch } from './watching'

const BEAT = 10_000
/** So near the end there is nothing to go on with: it begins again. */
const END = 3

interface Line extends Cue {
  at: string
}

Page({
  data: {
    scale,
    ...loading,
    material: null as Material | null,
    isVideo: true,
    src: '',
    start: 0,
    playing: false,
    now: '0:00',
    /** Whole seconds, for the slider of what is only heard. */
    at: 0,
    length: 0,
    total: '',
    rates: [1, 1.25, 1.5, 2],
    rate: 1,
    lines: [] as Line[],
    cue: -1,
    captions: true,
    full: false,
    segments: [] as { left: number; width: number }[],
    coverage: 0,
    done: false,
    line: '',
    waiting: '',
    elsewhere: false,
    notice: '',
    next: null as Beside | null,
    suggestion: '',
  },

  id: '',
  tape: null as Tape | null,
  recorder: null as Recorder | null,
  /** Made when the page is: what stands here is copied, and a copy has no methods. */
  watching: null as Watching | null,
  position: 0,
  toldAt: 0,
  seen: [] as Pair[],
  refreshedAt: 0,

  onLoad(query: { id?: string; suggestion?: string }) {
    this.id = query.id ?? ''
    this.watching = new Watching()
    this.setData({ suggestion: query.suggestion ?? '' })
    void this.load()
  },

  onHide() {
    this.tape?.pause()
    this.tell(this.watching?.stop())
  },

  onUnload() {
    this.tell(this.watching?.stop())
    this.recorder?.close()
    this.tape?.close()
  },

  ...retrying,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const m = await getMaterial(this.id)
      void wx.setNavigationBarTitle({ title: m.title })
      const length = (m.duration_ms ?? 0) / 1000
      const last = m.my.position_ms / 1000
      this.position = last < length - END ? last : 0
      this.recorder = new Recorder(m.id, { ...listening(this), elsewhere: () => this.onElsewhere() })
      // Known before the server answers: what was finished earlier is no news.
      this.setData({ done: m.my.completed, coverage: m.my.coverage })
      const { position } = this
      await this.recorder.open({ from: position, to: position, position })
      this.show(m)
      if (m.captions_url) void this.loadCaptions(m.captions_url)
    })
  },

  show(m: Material) {
    const isVideo = m.kind === 'video'
    const length = (m.duration_ms ?? 0) / 1000
    const src = addressOf(m.content_url ?? '')
    this.seen = m.my.intervals
    this.setData({ phase: 'ready', material: m, isVideo, src, start: this.position, now: playTime(this.position), at: Math.floor(this.position), length: Math.ceil(length), total: playTime(length), next: m.next })
    this.showProgress(m.my.completed, m.my.coverage)
    const heard = {
      playing: (playing: boolean) => this.onPlaying(playing),
      time: (at: number) => this.onTime(at),
      ended: () => this.onEnded(),
      failed: () => void this.refresh(),
    }
    this.tape?.close()
    this.tape = isVideo ? videoTape('tape', this) : audioTape(src, this.position, heard)
  },

  async loadCaptions(url: string) {
    try {
      const cues = cuesOf(await fetchText(addressOf(url)))
      this.setData({ lines: cues.map((c) => ({ ...c, at: playTime(c.from) })) })
    } catch {
      // Words under a picture: without them it still plays.
    }
  },

  onPlay() {
    this.onPlaying(true)
  },

  onPause() {
    this.onPlaying(false)
  },

  onTimeUpdate(e: WechatMiniprogram.CustomEvent<{ currentTime: number }>) {
    this.onTime(e.detail.currentTime)
  },

  onPlaying(playing: boolean) {
    if (playing === this.data.playing) return
    this.setData({ playing, notice: '' })
    this.toldAt = Date.now()
    // From where it stands, not from the first time that is told a quarter of a second later.
    if (playing) this.watching?.time(this.position)
    else this.tell(this.watching?.stop())
  },

  onTime(at: number) {
    this.position = at
    const cue = cueAt(this.data.lines, at)
    if (cue !== this.data.cue) this.setData({ cue })
    const now = playTime(at)
    if (now !== this.data.now) this.setData({ now, at: Math.floor(at) })
    if (!this.data.playing) return
    this.tell(this.watching?.time(at))
    if (Date.now() - this.toldAt >= BEAT) this.tell(this.watching?.cut())
  },

  onEnded() {
    const { material } = this.data
    if (material?.duration_ms && this.data.playing) this.tell(this.watching?.time(material.duration_ms / 1000))
    this.onPlaying(false)
  },

  tell(played: Stretch | null | undefined) {
    if (!played) return
    this.toldAt = Date.now()
    this.recorder?.note({ ...played, position: Math.round(this.position * 1000) / 1000 })
    this.seen = united([...this.seen, [played.from * 1000, played.to * 1000]])
    this.setData({ segments: bars(this.seen, this.data.material?.duration_ms ?? 0) })
  },

  heard(p: Progress) {
    const finished = p.completed && !this.data.done
    this.showProgress(p.completed, p.coverage)
    if (finished) sayDone(p)
    // The server believes its own clock. What it did not credit must not stand in the bar as watched.
    const length = this.data.material?.duration_ms ?? 0
    if (!this.data.waiting && share(this.seen, length) > p.coverage + 2) void this.correct()
  },

  async correct() {
    const m = await getMaterial(this.id).catch(() => null)
    if (!m) return
    this.seen = m.my.intervals
    this.showProgress(m.my.completed, m.my.coverage)
  },

  showProgress(done: boolean, coverage: number) {
    const { material: m } = this.data
    const asked = m?.min_coverage ?? 0
    const line = done ? '已学完' : `看了 ${coverage}%，看满 ${asked}% 算学完；跳过的不算`
    this.setData({ done, coverage, line, segments: bars(this.seen, m?.duration_ms ?? 0) })
  },

  /** The address of the bytes lives for a while only: when it has died, the next one goes on where this one stopped. */
  async refresh() {
    if (Date.now() - this.refreshedAt < BEAT) {
      this.setData({ notice: '放不出来。请检查网络，再点一次播放。', playing: false })
      return
    }
    this.refreshedAt = Date.now()
    const m = await getMaterial(this.id).catch(() => null)
    if (m) this.show(m)
    else this.setData({ notice: '网络不通，连上后再点播放。', playing: false })
  },

  onElsewhere() {
    this.tape?.pause()
    this.setData({ elsewhere: true, playing: false })
  },

  async onHere() {
    const { position } = this
    this.watching?.stop()
    await this.recorder?.open({ from: position, to: position, position })
    this.setData({ elsewhere: false })
    this.tape?.play()
  },

  onToggle() {
    if (this.data.playing) this.tape?.pause()
    else this.tape?.play()
  },

  onRate(e: WechatMiniprogram.TouchEvent<object, object, { rate: number }>) {
    const { rate } = e.currentTarget.dataset
    this.tape?.rate(rate)
    this.setData({ rate })
  },

  onSlide(e: WechatMiniprogram.CustomEvent<{ value: number }>) {
    this.tape?.seek(e.detail.value)
  },

  onCue(e: WechatMiniprogram.TouchEvent<object, object, { from: number }>) {
    this.tape?.seek(e.currentTarget.dataset.from)
    this.tape?.play()
  },

  onCaptions() {
    this.setData({ captions: !this.data.captions })
  },

  /** Over the whole screen only what stands inside the player is seen. */
  onFull(e: WechatMiniprogram.CustomEvent<{ fullScreen: boolean }>) {
    this.setData({ full: e.detail.fullScreen })
  },

  onVideoError() {
    void this.refresh()
  },
})
