import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getYear, listVersions, type CalendarVersion } from '../../../services/agreement'
import { isManager, seat } from '../../../services/face'
import { isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { annexStates, versionLine, versionTitle, type Word } from '../../../words/agreement'
import { exactWords } from '../../../words/time'
import { monthsOf, type Month } from './months'

interface Import {
  id: string
  title: string
  line: string
  word: Word
}

const today = (): string => exactWords(new Date(now()).toISOString()).slice(0, 10)

Page({
  data: { scale, ...loading, year: 0, years: [] as number[], published: true, months: [] as Month[], imports: [] as Import[], may: false, weekdays: ['一', '二', '三', '四', '五', '六', '日'] },

  onLoad(query: { year?: string }) {
    const current = Number(today().slice(0, 4))
    this.setData({ year: Number(query.year) || current, years: [current - 1, current, current + 1] })
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    const { year } = this.data
    await filling(this, async () => {
      await ensureSession()
      const { status, days } = await getYear(year)
      if (year !== this.data.year) return
      const may = isManager() || seat() === 'lead'
      this.setData({ phase: 'ready', published: status === 'published', months: monthsOf(days, today()), may })
      await this.loadImports()
    })
  },

  /** Everybody reads the calendar; how it came about is for those who answer for the agreement. */
  async loadImports() {
    try {
      const { items } = await listVersions<CalendarVersion>('calendar')
      this.setData({ imports: items.map((v) => ({ id: v.id, title: versionTitle(v), line: versionLine(v, now()), word: annexStates[v.state] })) })
    } catch (e) {
      if (!isCode(e, 'FORBIDDEN')) throw e
    }
  },

  onYear(e: WechatMiniprogram.TouchEvent<object, object, { year: number }>) {
    this.setData({ year: e.currentTarget.dataset.year, phase: 'loading' })
    void this.load()
  },

  onImport() {
    void wx.navigateTo({ url: '/packages/agreement/import/import' })
  },

  onVersion(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/annex/annex?kind=calendar&id=${e.currentTarget.dataset.id}` })
  },
})
