import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { explain, Problem } from '../../../services/problem'
import { act, getTicket, listClocks, type Clock, type Ticket, type TraceLine, type Wait } from '../../../services/tickets'
import { now } from '../../../services/server-time'
import { timeWords } from '../../../words/time'
import { rowOf, type Row } from './row'

interface Waited {
  key: string
  reason: string
  span: string
  by: string
  acknowledged: string
}

const waited = (w: Wait, i: number): Waited => ({
  key: `${w.from}#${i}`,
  reason: w.reason,
  span: w.to ? `${timeWords(w.from, now())} 到 ${timeWords(w.to, now())}` : `${timeWords(w.from, now())} 起，还在等`,
  by: w.asked_by.display_name,
  acknowledged: w.acknowledged_at ? '甲方认可，从净用时里扣除' : '甲方还没认可，只记录',
})

Page({
  data: {
    scale,
    ...loading,
    rows: [] as Row[],
    waits: [] as Waited[],
    mayAcknowledge: false,
    ticketId: '',
    sheet: '',
    busy: false,
    notice: '',
  },

  id: '',
  ticket: null as Ticket | null,

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const [{ items }, ticket] = await Promise.all([listClocks(this.id), getTicket(this.id)])
      this.ticket = ticket
      this.setData({
        phase: 'ready',
        ticketId: ticket.id,
        rows: items.map((c: Clock & { trace: TraceLine[] }, i: number) => rowOf(c, i)),
        waits: ticket.waits.map(waited),
        mayAcknowledge: ticket.allowed_actions.includes('acknowledge_wait'),
      })
    })
  },

  onAcknowledge() {
    this.setData({ sheet: 'acknowledge_wait', notice: '' })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },

  async onSubmit() {
    if (this.data.busy || !this.ticket) return
    this.setData({ busy: true, notice: '' })
    try {
      await act(this.ticket, 'acknowledge_wait', {})
      this.setData({ sheet: '' })
      await this.load()
      void wx.showToast({ title: '已认可' })
    } catch (e) {
      this.setData({ notice: e instanceof Problem && e.unanswered ? `${e.title}，再点一次就好` : explain(e) })
      // The ticket may have moved on meanwhile: the next tap is decided on what it is now.
      this.ticket = await getTicket(this.id).catch(() => this.ticket)
    } finally {
      this.setData({ busy: false })
    }
  },
})
