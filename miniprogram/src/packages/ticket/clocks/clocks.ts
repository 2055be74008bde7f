import { scale } from '../../../look'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { listClocks, type Clock, type TraceLine } from '../../../services/tickets'
import { spanWords } from '../../../words/countdown'
import { clockName } from '../../../words/ticket'
import { dateWords, timeWords } from '../../../words/time'

const kindWords: Record<string, string> = { workday: '工作日', rest: '休息日', holiday: '节假日', make_up: '调休上班' }

interface Trace {
  key: string
  date: string
  kind: string
  counted: string
  note: string
}

interface Row extends Clock {
  key: string
  name: string
  who: string
  began: string
  due: string
  stopped: string
  gross: string
  net: string
  lines: Trace[]
}

const counted = (c: TraceLine['counted']): string => (c === null || c === false || c === 0 || c === '0' || c === '' ? '不计' : c === true ? '计入' : typeof c === 'number' ? `计 ${c}` : c)

function row(c: Clock & { trace: TraceLine[] }, i: number): Row {
  const from = now()
  return {
    ...c,
    key: `${c.code}-${c.cycle}-${i}`,
    name: c.cycle > 1 ? `${clockName(c)}（第 ${c.cycle} 轮）` : clockName(c),
    who: c.obligor === 'vendor' ? '乙方' : '甲方',
    began: timeWords(c.started_at, from),
    due: timeWords(c.due_at, from),
    stopped: c.stopped_at ? timeWords(c.stopped_at, from) : '',
    gross: spanWords(c.gross_seconds * 1000),
    net: c.net_seconds === c.gross_seconds ? '' : spanWords(c.net_seconds * 1000),
    lines: c.trace.map((t, n) => ({ key: `${t.date}#${n}`, date: dateWords(t.date), kind: kindWords[t.kind] ?? '', counted: counted(t.counted), note: t.note })),
  }
}

Page({
  data: { scale, phase: 'loading' as 'loading' | 'ready' | 'failed', reason: '', rows: [] as Row[] },

  id: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  async load() {
    try {
      const { items } = await listClocks(this.id)
      this.setData({ phase: 'ready', rows: items.map(row) })
    } catch (e) {
      this.setData({ phase: 'failed', reason: explain(e) })
    }
  },
})
