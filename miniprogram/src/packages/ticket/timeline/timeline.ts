import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { getTicket, listTimeline, type Action, type Kind, type State, type TimelineEvent } from '../../../services/tickets'
import { actionWords } from '../../../words/actions'
import { stateWord } from '../../../words/stages'
import { timeWords } from '../../../words/time'

/** Beside the actions, which have words of their own. */
const eventWords: Record<string, string> = {
  submitted: '提交', message: '发消息', absorbed: '另一单并入', reveal: '查看联系方式', linked: '另一单关联到这里', silent: '甲方 3 个工作日没有补充，接着处理', reminded: '提醒甲方确认', confirmed_by_silence: '到期没有答复，默示确认', closed_by_silence: '3 个工作日没有动静，自动结束',
}

const sideWords = { client: '甲方', vendor: '乙方', system: '系统' }

interface Row {
  id: string
  side: TimelineEvent['side']
  what: string
  change: string
  who: string
  at: string
  ledger: string
}

const changeOf = (kind: Kind, from?: State, to?: State): string => (to && from !== to ? `${from ? `${stateWord(kind, from)} → ` : ''}${stateWord(kind, to)}` : '')

const row = (kind: Kind, e: TimelineEvent): Row => ({
  id: e.id,
  side: e.side,
  what: e.text ?? eventWords[e.event] ?? (actionWords as Partial<Record<string, string>>)[e.event as Action] ?? '有更新',
  change: changeOf(kind, e.detail?.from_state, e.detail?.to_state),
  who: [e.actor?.display_name, sideWords[e.side]].filter(Boolean).join(' · '),
  at: timeWords(e.at, now()),
  ledger: e.ledger?.seq ? `存证 #${e.ledger.seq}${e.ledger.hash ? ` ${e.ledger.hash.slice(0, 8)}` : ''}` : '',
})

Page({
  data: { scale, ...loading, rows: [] as Row[], cursor: '' },

  id: '',
  kind: 'fault' as Kind,

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  ...reloading,

  async onReachBottom() {
    const { cursor, rows } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listTimeline(this.id, cursor)
      this.setData({ rows: [...rows, ...items.map((e) => row(this.kind, e))], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  async load() {
    await filling(this, async () => {
      const [ticket, { items, next_cursor }] = await Promise.all([getTicket(this.id), listTimeline(this.id)])
      this.kind = ticket.kind
      this.setData({ phase: 'ready', rows: items.map((e) => row(ticket.kind, e)), cursor: next_cursor ?? '' })
    })
  },
})
