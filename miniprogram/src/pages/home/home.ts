import { showTab } from '../../components/tab'
import { scale } from '../../look'
import { isManager } from '../../services/face'
import { explain } from '../../services/problem'
import { now } from '../../services/server-time'
import { ensureSession } from '../../services/session'
import { listTickets, OPEN_STATES, type Summary } from '../../services/tickets'
import { greeting } from '../../words/time'
import { clientTurn } from '../../words/ticket'

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready' | 'failed',
    reason: '',
    hello: '',
    summary: '',
    waiting: [] as Summary[],
    running: [] as Summary[],
    company: [] as Summary[],
    manager: false,
  },

  onShow() {
    showTab(this, '/pages/home/home')
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  async load() {
    try {
      const me = await ensureSession()
      showTab(this, '/pages/home/home')
      const manager = isManager()
      this.setData({ hello: `${greeting(now())}，${me.display_name}`, manager })
      const [mine, all] = await Promise.all([
        listTickets({ scope: 'mine', state: OPEN_STATES, limit: 50 }),
        manager ? listTickets({ scope: 'all', state: OPEN_STATES, limit: 50 }) : null,
      ])
      const waiting = mine.items.filter((t) => clientTurn.includes(t.state))
      const running = mine.items.filter((t) => !clientTurn.includes(t.state))
      const own = new Set(mine.items.map((t) => t.id))
      const company = all ? all.items.filter((t) => !own.has(t.id)) : []
      this.setData({ phase: 'ready', waiting, running, company, summary: summaryOf(waiting.length, running.length) })
    } catch (e) {
      // What is already on the screen stays; a hiccup must not blank it.
      if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  onReport() {
    void wx.navigateTo({ url: '/packages/ticket/report/report' })
  },

  onAll() {
    void wx.switchTab({ url: '/pages/tickets/tickets' })
  },
})

function summaryOf(waiting: number, running: number): string {
  if (waiting) return `有 ${waiting} 件事等你看一眼`
  return running ? `${running} 张工单在处理，有进展会告诉你` : '一切正常，有事随时说'
}
