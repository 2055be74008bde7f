import { apiBase } from '../../../config'
import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { checkCertificate, type Checked } from '../../../services/learning'
import { ensureSession } from '../../../services/session'
import { categoryWords } from '../../../words/learning'
import { draw, HEIGHT, WIDTH, type Facts } from './drawing'

const dayOf = (date: string): string => date.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1 年 $2 月 $3 日')

Page({
  data: { scale, ...loading, facts: null as Facts | null, words: '', saving: false },

  code: '',
  canvas: null as WechatMiniprogram.Canvas | null,

  onLoad(query: { code?: string }) {
    this.code = query.code ?? ''
    void this.load()
  },

  ...retrying,

  async load() {
    await filling(this, async () => {
      const me = await ensureSession()
      const c = await checkCertificate(this.code)
      const facts = factsOf(c, me.display_name)
      this.setData({ phase: 'ready', facts, words: `${facts.name}的培训证书，${facts.title}，${facts.issued}，校验码 ${facts.code}` })
      wx.nextTick(() => this.paint(facts))
    })
  },

  paint(facts: Facts) {
    wx.createSelectorQuery()
      .select('#certificate')
      .fields({ node: true, size: true })
      .exec(([found]: [{ node?: WechatMiniprogram.Canvas } | null]) => {
        const canvas = found?.node
        if (!canvas) return
        const ratio = Math.max(2, wx.getWindowInfo().pixelRatio)
        canvas.width = WIDTH * ratio
        canvas.height = HEIGHT * ratio
        const pen = canvas.getContext('2d') as WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D
        pen.scale(ratio, ratio)
        draw(pen, facts)
        this.canvas = canvas
      })
  },

  async onSave() {
    if (!this.canvas || this.data.saving) return
    this.setData({ saving: true })
    try {
      const { tempFilePath } = await wx.canvasToTempFilePath({ canvas: this.canvas, fileType: 'png' })
      await wx.saveImageToPhotosAlbum({ filePath: tempFilePath })
      void wx.showToast({ title: '已存到相册' })
    } catch (e) {
      await this.refused((e as { errMsg?: string }).errMsg ?? '')
    }
    this.setData({ saving: false })
  },

  /** Once refused, WeChat does not ask again: the way leads through its settings. */
  async refused(why: string) {
    if (why.includes('cancel')) return
    if (!why.includes('auth')) {
      void wx.showToast({ title: '没有存上，请再试一次', icon: 'none' })
      return
    }
    const { confirm } = await wx.showModal({ title: '要先允许存到相册', content: '在设置里打开「添加到相册」，回来再点一次。', confirmText: '去设置' })
    if (confirm) await wx.openSetting()
  },

  onCopy() {
    const { facts } = this.data
    if (facts) void wx.setClipboardData({ data: facts.address })
  },
})

function factsOf(c: Checked, name: string): Facts {
  return { name, title: c.course_title, category: categoryWords[c.category].word, issued: dayOf(c.issued_on), company: c.company ?? '', code: c.check_code, address: `${apiBase}/verify/${c.check_code}` }
}
