import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { getClass, getSignInCode, type SignInCode, type TrainingClass } from '../../../services/classes'
import { explain } from '../../../services/problem'
import { ensureSession } from '../../../services/session'
import { qrOf } from '../qr'
import { spaced, writtenCode } from '../sign-code'

/** Between two questions when the server could not be asked. */
const AGAIN = 2000
const SIDE = 520
const QUIET_ZONE = 4

const purposes: Record<SignInCode['purpose'], string> = { sign_in: '签到', sign_out: '签退' }

/** In front of the class: big enough for the last row, and never older than the server says. */
Page({
  data: { scale, ...loading, choices: [{ value: 'sign_in', text: '签到' }, { value: 'sign_out', text: '签退' }], chosen: '' as SignInCode['purpose'] | '', code: '', purpose: '', words: '', left: 0, title: '', present: '', notice: '' },

  id: '',
  timer: 0,
  second: 0,
  until: 0,

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void wx.setKeepScreenOn({ keepScreenOn: true })
  },

  onShow() {
    void this.load()
    this.second = setInterval(() => this.count(), 1000)
  },

  onHide() {
    this.rest()
  },

  onUnload() {
    this.rest()
    void wx.setKeepScreenOn({ keepScreenOn: false })
  },

  rest() {
    clearTimeout(this.timer)
    clearInterval(this.second)
  },

  ...retrying,

  async load() {
    clearTimeout(this.timer)
    await filling(this, async () => {
      await ensureSession()
      this.show(await getSignInCode(this.id, this.data.chosen), await getClass(this.id))
    })
  },

  show(c: SignInCode, found: TrainingClass) {
    const there = found.roster?.filter((a) => a.signed_in_at).length ?? 0
    this.until = Date.now() + c.refresh_in_ms
    const purpose = purposes[c.purpose]
    this.setData({ phase: 'ready', chosen: c.purpose, code: spaced(c.code), words: `${purpose}码 ${Array.from(c.code).join(' ')}`, purpose, title: found.title, present: found.roster ? `已签到 ${there} / ${found.roster.length} 人` : '', notice: '' })
    this.count()
    wx.nextTick(() => this.paint(writtenCode(this.id, c.code)))
    this.timer = setTimeout(() => void this.renew(), Math.max(500, c.refresh_in_ms))
  },

  onPurpose(e: WechatMiniprogram.TouchEvent<object, object, { value: SignInCode['purpose'] }>) {
    this.setData({ chosen: e.currentTarget.dataset.value })
    void this.load()
  },

  /** An old code is worse than none: while the server cannot be asked, none is shown. */
  async renew() {
    try {
      this.show(await getSignInCode(this.id, this.data.chosen), await getClass(this.id))
    } catch (e) {
      this.setData({ code: '', notice: `${explain(e)}，正在重试` })
      this.paint('')
      this.timer = setTimeout(() => void this.renew(), AGAIN)
    }
  },

  count() {
    const left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000))
    if (left !== this.data.left) this.setData({ left })
  },

  paint(text: string) {
    wx.createSelectorQuery()
      .select('#code')
      .fields({ node: true })
      .exec(([found]: [{ node?: WechatMiniprogram.Canvas } | null]) => {
        const canvas = found?.node
        if (!canvas) return
        canvas.width = canvas.height = SIDE
        const pen = canvas.getContext('2d') as WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D
        // Light in a dark room too: a reader of codes wants dark on light.
        pen.fillStyle = '#ffffff'
        pen.fillRect(0, 0, SIDE, SIDE)
        pen.fillStyle = '#000000'
        const grid = text ? qrOf(text) : []
        const step = Math.floor(SIDE / (grid.length + 2 * QUIET_ZONE))
        const margin = Math.floor((SIDE - step * grid.length) / 2)
        grid.forEach((line, r) => line.forEach((dark, c) => dark && pen.fillRect(margin + c * step, margin + r * step, step, step)))
      })
  },
})
