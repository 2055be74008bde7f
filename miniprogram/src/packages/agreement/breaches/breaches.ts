import { yuanOf } from '../../../components/form-fields/fields'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listBreaches, previewFee, type Breach, type BreachStatus, type FeePreview, type FeeSum } from '../../../services/agreement'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { spanWords } from '../../../words/countdown'
import { breachStates, monthWords, shareWords, sideWords, type Word } from '../../../words/agreement'
import { dueWords } from '../../../words/ticket'
import { exactWords, timeWords } from '../../../words/time'

interface Row {
  id: string
  title: string
  line: string
  late: string
  word: Word
}

interface Counted {
  name: string
  lines: string[]
  total: string
}

const row = (b: Breach): Row => ({
  id: b.id,
  title: `${sideWords[b.obligor]} ${b.title}`,
  line: `${b.record.number} · 到期 ${timeWords(b.due_at, now())}`,
  late: `超 ${spanWords(b.late_seconds * 1000)}${b.ended_at ? '' : '，还没办完'}`,
  word: breachStates[b.status],
})

const counted = (name: string, s: FeeSum): Counted => ({
  name,
  lines: s.lines.map((l) => `${dueWords(l.code)}超时 ${l.breaches} 次 × ${shareWords(l.share)} = ¥${yuanOf(l.amount_cents)}`),
  total: `¥${yuanOf(s.deduction_cents)}${s.capped ? '（已到上限）' : ''}`,
})

const thisMonth = (): string => exactWords(new Date(now()).toISOString()).slice(0, 7)

function shift(month: string, by: number): string {
  const [y = 0, m = 1] = month.split('-').map(Number)
  const n = y * 12 + m - 1 + by
  return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
}

Page({
  data: {
    scale,
    ...loading,
    filters: [{ value: '' as BreachStatus | '', text: '全部' }, ...(['asserted', 'disputed', 'waived', 'confirmed'] as const).map((value) => ({ value: value as BreachStatus | '', text: breachStates[value].text }))],
    filter: '' as BreachStatus | '',
    rows: [] as Row[],
    cursor: '',
    month: '',
    monthText: '',
    latest: true,
    fee: null as FeePreview | null,
    feeHidden: false,
    counts: [] as Counted[],
    terms: '',
  },

  onLoad() {
    this.setData({ month: thisMonth() })
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    const { filter } = this.data
    await filling(this, async () => {
      const { items, next_cursor } = await listBreaches({ status: filter, limit: 30 })
      if (filter !== this.data.filter) return
      this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '' })
      await this.loadFee()
    })
  },

  async loadFee() {
    const { month } = this.data
    try {
      const fee = await previewFee(month)
      if (month !== this.data.month) return
      this.setData({
        fee,
        monthText: monthWords(month),
        latest: month >= thisMonth(),
        counts: fee.agreed ? [counted('只算已确认的', fee.confirmed), counted('连同还没说定的', fee.with_asserted)] : [],
        terms: fee.agreed ? `月费 ¥${yuanOf(fee.monthly_fee_cents)}，每月最多扣 ${shareWords(fee.cap)}` : '',
      })
    } catch (e) {
      // The vendor's agents keep no accounts.
      if (isCode(e, 'FORBIDDEN')) this.setData({ feeHidden: true })
      else throw e
    }
  },

  async onReachBottom() {
    const { cursor, rows, filter } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listBreaches({ status: filter, limit: 30, cursor })
      if (filter === this.data.filter) this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onFilter(e: WechatMiniprogram.TouchEvent<object, object, { value: BreachStatus | '' }>) {
    this.setData({ filter: e.currentTarget.dataset.value, phase: 'loading', rows: [] })
    void this.load()
  },

  onMonth(e: WechatMiniprogram.TouchEvent<object, object, { by: number }>) {
    const month = shift(this.data.month, e.currentTarget.dataset.by)
    if (month > thisMonth()) return
    this.setData({ month })
    this.loadFee().catch((err: unknown) => void wx.showToast({ title: explain(err), icon: 'none' }))
  },

  onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/breach/breach?id=${e.currentTarget.dataset.id}` })
  },
})
