import { scale } from '../../../look'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { listTimeline, type State, type TimelineEvent } from '../../../services/tickets'
import { stateWords } from '../../../words/ticket'
import { timeWords } from '../../../words/time'

const eventWords: Record<string, string> = {
  submitted: '提交', accept: '受理', assign: '指派', ask_client: '请甲方补充', supply: '补充情况', publish_solution: '给出方案', reject_solution: '方案未被接受',
  mark_repaired: '标记已修复', confirm: '确认修好', fail_verification: '确认没有修好', reopen: '重新打开', withdraw: '撤回', merge: '合并', absorbed: '另一单并入', remind: '催办', message: '发消息', reveal: '查看联系方式',
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

const changeOf = (from?: State, to?: State): string => (to && from !== to ? `${from ? `${stateWords[from]} → ` : ''}${stateWords[to]}` : '')

const row = (e: TimelineEvent): Row => ({
  id: e.id,
  side: e.side,
  what: e.text ?? eventWords[e.event] ?? e.event,
  change: changeOf(e.detail?.from_state, e.detail?.to_state),
  who: [e.actor?.display_name, sideWords[e.side]].filter(Boolean).join(' · '),
  at: timeWords(e.at, now()),
  ledger: e.ledger?.seq ? `存证 #${e.ledger.seq}${e.ledger.hash ? ` ${e.ledger.hash.slice(0, 8)}` : ''}` : '',
})

Page({
  data: { scale, phase: 'loading' as 'loading' | 'ready' | 'failed', reason: '', rows: [] as Row[], cursor: '' },

  id: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  async onReachBottom() {
    const { cursor, rows } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listTimeline(this.id, cursor)
      this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  async load() {
    try {
      const { items, next_cursor } = await listTimeline(this.id)
      this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ phase: 'failed', reason: explain(e) })
    }
  },
})
