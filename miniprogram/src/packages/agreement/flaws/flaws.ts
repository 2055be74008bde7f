import { scale } from '../../../look'
import { getContract, type Flaw } from '../../../services/agreement'
import { explain } from '../../../services/problem'
import { valueOf } from '../../../words/agreement'

interface Question {
  id: string
  text: string
  clauses: string
  options: { text: string; safe: boolean }[]
  now: { code: string; text: string }[]
}

const question = (f: Flaw): Question => ({
  id: f.id,
  text: f.text,
  clauses: `协议 ${f.clauses.join('、')}`,
  options: f.options.map((o) => ({ text: o, safe: o === f.safe_default })),
  now: f.in_force.map(({ code, value }) => ({ code, text: `${code} 现在是：${valueOf(code, value)}` })),
})

Page({
  data: { scale, phase: 'loading' as 'loading' | 'ready' | 'failed', reason: '', questions: [] as Question[] },

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

  async load() {
    try {
      const { flaws } = await getContract()
      this.setData({ phase: 'ready', questions: flaws.map(question) })
    } catch (e) {
      if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  onParameter(e: WechatMiniprogram.TouchEvent<object, object, { code: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/parameter/parameter?code=${e.currentTarget.dataset.code}` })
  },
})
