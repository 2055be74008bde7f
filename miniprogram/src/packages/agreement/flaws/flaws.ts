import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getContract, type Flaw } from '../../../services/agreement'
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
  data: { scale, ...loading, questions: [] as Question[] },

  onLoad() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const { flaws } = await getContract()
      this.setData({ phase: 'ready', questions: flaws.map(question) })
    })
  },

  onParameter(e: WechatMiniprogram.TouchEvent<object, object, { code: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/parameter/parameter?code=${e.currentTarget.dataset.code}` })
  },
})
