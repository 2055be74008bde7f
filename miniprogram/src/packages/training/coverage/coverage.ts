import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { isManager, readsAll } from '../../../services/face'
import { getCoverage, type Category, type Coverage } from '../../../services/learning'
import { ensureSession } from '../../../services/session'
import { suggestionSummary } from '../../../services/search'
import { blocksOf, measures, tableOf, type Block, type Measure } from './chart'

Page({
  data: { scale, ...loading, measures, measure: 'completed' as Measure, blocks: [] as Block[], asTable: false, mayName: false, helped: '' },

  found: null as Coverage | null,

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      this.found = await getCoverage()
      this.setData({ phase: 'ready', blocks: blocksOf(this.found, this.data.measure), mayName: isManager() || readsAll() })
      void this.askHelped()
    })
  },

  /** Beside the coverage: how often an article spared a fault. */
  async askHelped() {
    const s = await suggestionSummary().catch(() => null)
    if (s) this.setData({ helped: s.asked ? `报故障前推荐过 ${s.asked} 次文章，${s.solved} 次就解决了` : '' })
  },

  onMeasure(e: WechatMiniprogram.TouchEvent<object, object, { value: Measure }>) {
    const measure = e.currentTarget.dataset.value
    this.setData({ measure, ...(this.found ? { blocks: blocksOf(this.found, measure) } : {}) })
  },

  onTable() {
    this.setData({ asTable: !this.data.asTable })
  },

  onCopy() {
    if (this.found) void wx.setClipboardData({ data: tableOf(this.found) })
  },

  onBar(e: WechatMiniprogram.TouchEvent<object, object, { category: Category; department: string }>) {
    const { category, department } = e.currentTarget.dataset
    if (this.data.mayName) void wx.navigateTo({ url: `/packages/training/people/people?category=${category}&department=${encodeURIComponent(department)}` })
  },
})
