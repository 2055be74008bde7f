import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { seat } from '../../../services/face'
import { now } from '../../../services/server-time'
import { getReceipt, getTicket, type Clock, type Receipt, type Ticket } from '../../../services/tickets'
import { clockName, kindWords } from '../../../words/ticket'
import { exactWords, timeWords } from '../../../words/time'
import { sayNext } from '../detail/view'

type Line = Clock & { name: string; due: string }

const line = (c: Clock): Line => ({ ...c, name: clockName(c), due: timeWords(c.due_at, now()) })

Page({
  data: {
    scale,
    ...loading,
    fresh: false,
    ticket: null as Ticket | null,
    receipt: null as Receipt | null,
    received: '',
    title: '已收到',
    promise: '',
    kind: '',
    icon: 'tools',
    clocks: [] as Line[],
    digest: '',
  },

  id: '',

  onLoad(query: { id?: string; fresh?: string }) {
    this.id = query.id ?? ''
    this.setData({ fresh: query.fresh === '1' })
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const [ticket, receipt] = await Promise.all([getTicket(this.id), getReceipt(this.id)])
      const clocks = ticket.clocks.filter((c) => c.cycle === 1 && c.code !== 'P').map(line)
      this.setData({
        phase: 'ready', ticket, receipt, clocks,
        received: exactWords(receipt.received_at),
        title: this.data.fresh ? (ticket.state === 'draft' ? '草稿存好了' : '提交好了') : '已收到',
        promise: sayNext(ticket, seat()),
        icon: kindWords[ticket.kind].icon,
        kind: kindWords[ticket.kind].word,
        digest: receipt.digest.replace(/(.{8})(?=.)/g, '$1 '),
      })
    })
  },

  onCopy() {
    if (this.data.receipt) void wx.setClipboardData({ data: `${this.data.receipt.number}\n${this.data.received}\n${this.data.receipt.digest}` })
  },

  onTicket() {
    if (getCurrentPages().length > 1 && !this.data.fresh) void wx.navigateBack()
    else void wx.redirectTo({ url: `/packages/ticket/detail/detail?id=${this.id}` })
  },

  onHome() {
    void wx.switchTab({ url: '/pages/home/home' })
  },
})
