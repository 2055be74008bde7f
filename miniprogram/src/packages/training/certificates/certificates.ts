import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listCertificates } from '../../../services/learning'
import { ensureSession } from '../../../services/session'
import { categoryWords } from '../../../words/learning'
import { dateWords } from '../../../words/time'

interface Row {
  code: string
  title: string
  line: string
}

Page({
  data: { scale, ...loading, rows: [] as Row[] },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const { items } = await listCertificates()
      this.setData({ phase: 'ready', rows: items.map((c) => ({ code: c.check_code, title: c.course_title, line: `${categoryWords[c.category].word} · ${dateWords(c.issued_on)}` })) })
    })
  },

  onCertificate(e: WechatMiniprogram.TouchEvent<object, object, { code: string }>) {
    void wx.navigateTo({ url: `/packages/training/certificate/certificate?code=${e.currentTarget.dataset.code}` })
  },

  onCourses() {
    void wx.switchTab({ url: '/pages/training/training' })
  },
})
