import { showTab } from '../../components/tab'
import { filling, loading, reloading } from '../../loading'
import { scale } from '../../look'
import { isManager } from '../../services/face'
import { now } from '../../services/server-time'
import { ensureSession } from '../../services/session'
import { listTickets, type Kind, type Summary } from '../../services/tickets'
import { clientTurn, OPEN_STATES } from '../../words/stages'
import { kindWords } from '../../words/ticket'
import { greeting } from '../../words/time'

interface Tile {
  kind: Kind
  word: string
  icon: string
}

const tile = (kind: Kind): Tile => ({ kind, word: kindWords[kind].word, icon: kindWords[kind].icon })
const everyones = (['consultation', 'change', 'quality', 'incident'] as const).map(tile)
/** What only the client's managers may ask for. */
const managers = (['report', 'inspection', 'invoice'] as const).map(tile)

/** Theirs to move: a reporter's own tickets, and for a manager whatever waits for a manager. */
const mineToMove = (t: Summary, own: boolean, manager: boolean): boolean => {
  const turn = clientTurn(t.kind, t.state)
  return turn === 'manager' ? manager : turn === 'reporter' && own
}

Page({
  data: {
    scale,
    ...loading,
    hello: '',
    summary: '',
    tiles: everyones,
    waiting: [] as Summary[],
    running: [] as Summary[],
    company: [] as Summary[],
    manager: false,
  },

  onShow() {
    showTab(this, '/pages/home/home')
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const me = await ensureSession()
      showTab(this, '/pages/home/home')
      const manager = isManager()
      this.setData({ hello: `${greeting(now())}，${me.display_name}`, manager, tiles: manager ? [...everyones, ...managers] : everyones })
      const [mine, all] = await Promise.all([
        listTickets({ scope: 'mine', state: OPEN_STATES, limit: 50 }),
        manager ? listTickets({ scope: 'all', state: OPEN_STATES, limit: 50 }) : null,
      ])
      const own = new Set(mine.items.map((t) => t.id))
      const others = all ? all.items.filter((t) => !own.has(t.id)) : []
      const isMine = (t: Summary): boolean => mineToMove(t, own.has(t.id), manager)
      const waiting = [...mine.items, ...others].filter(isMine)
      const running = mine.items.filter((t) => !isMine(t))
      const company = others.filter((t) => !isMine(t))
      this.setData({ phase: 'ready', waiting, running, company, summary: summaryOf(waiting.length, running.length) })
    })
  },

  onAgreement() {
    void wx.navigateTo({ url: '/packages/agreement/home/home' })
  },

  onReport(e: WechatMiniprogram.TouchEvent<object, object, { kind: Kind }>) {
    void wx.navigateTo({ url: `/packages/ticket/report/report?kind=${e.currentTarget.dataset.kind}` })
  },

  onAll() {
    void wx.switchTab({ url: '/pages/tickets/tickets' })
  },
})

function summaryOf(waiting: number, running: number): string {
  if (waiting) return `有 ${waiting} 件事等你看一眼`
  return running ? `${running} 张工单在处理，有进展会告诉你` : '一切正常，有事随时说'
}
