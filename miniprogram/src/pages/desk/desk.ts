import { showTab } from '../../components/tab'
import { scale } from '../../look'
import { explain } from '../../services/problem'
import { now } from '../../services/server-time'
import { ensureSession } from '../../services/session'
import { KINDS } from '../../services/ticket-types'
import { listTickets, type Kind, type Summary } from '../../services/tickets'
import { countdown } from '../../words/countdown'
import { kindWords } from '../../words/ticket'
import { greeting } from '../../words/time'

type Filter = '' | 'none' | 'me'

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready' | 'failed',
    reason: '',
    hello: '',
    filters: [
      { value: '' as Filter, text: '全部' },
      { value: 'none' as Filter, text: '未分派' },
      { value: 'me' as Filter, text: '我的' },
    ],
    filter: '' as Filter,
    kinds: [{ value: '' as Kind | '', text: '各类' }, ...KINDS.map((value) => ({ value: value as Kind | '', text: kindWords[value].word }))],
    kind: '' as Kind | '',
    tickets: [] as Summary[],
    cursor: '',
    over: 0,
    soon: 0,
    more: false,
  },

  onShow() {
    showTab(this, '/pages/desk/desk')
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  async onReachBottom() {
    const { cursor, more, filter, kind } = this.data
    if (!cursor || more) return
    this.setData({ more: true })
    try {
      const asked = this.asked()
      const next = await listTickets({ scope: 'queue', kind, assignee: filter, cursor })
      if (asked === this.asked()) this.show([...this.data.tickets, ...next.items], next.next_cursor)
    } catch (e) {
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
    this.setData({ more: false })
  },

  onFilter(e: WechatMiniprogram.TouchEvent<object, object, { value: Filter }>) {
    this.setData({ filter: e.currentTarget.dataset.value, phase: 'loading', tickets: [] })
    void this.load()
  },

  onKind(e: WechatMiniprogram.TouchEvent<object, object, { value: Kind | '' }>) {
    this.setData({ kind: e.currentTarget.dataset.value, phase: 'loading', tickets: [] })
    void this.load()
  },

  asked(): string {
    return `${this.data.filter}|${this.data.kind}`
  },

  onAgreement() {
    void wx.navigateTo({ url: '/packages/agreement/home/home' })
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  /** Whoever notices one declares it, the vendor's people too. */
  onIncident() {
    void wx.navigateTo({ url: '/packages/ticket/report/report?kind=incident' })
  },

  onShowAll() {
    this.setData({ filter: '', kind: '', phase: 'loading' })
    void this.load()
  },

  async load() {
    const { filter, kind } = this.data
    const asked = this.asked()
    try {
      const me = await ensureSession()
      showTab(this, '/pages/desk/desk')
      this.setData({ hello: `${greeting(now())}，${me.display_name}` })
      const list = await listTickets({ scope: 'queue', kind, assignee: filter, limit: 30 })
      // The person may have moved to another filter meanwhile.
      if (asked === this.asked()) this.show(list.items, list.next_cursor)
    } catch (e) {
      if (asked !== this.asked()) return
      if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  show(tickets: Summary[], cursor: string | null) {
    const tones = tickets.map((t) => t.next_due && countdown(t.next_due.due_at, now()).tone)
    this.setData({
      phase: 'ready',
      tickets,
      cursor: cursor ?? '',
      over: tones.filter((x) => x === 'over').length,
      soon: tones.filter((x) => x === 'soon').length,
    })
  },
})
