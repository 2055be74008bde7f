import { now } from '../../../services/server-time'
import type { Clock, TraceLine } from '../../../services/tickets'
import { spanWords } from '../../../words/countdown'
import { clockName } from '../../../words/ticket'
import { timeWords } from '../../../words/time'
import { clauseWords, how, lineOf, type Trace } from '../../../words/trace'

/** A clock as it is explained: its facts, and day by day why it ends when it ends. */
export interface Row extends Clock {
  key: string
  name: string
  clause: string
  who: string
  how: string
  began: string
  due: string
  stopped: string
  gross: string
  net: string
  lines: Trace[]
}

export function rowOf(c: Clock & { trace: TraceLine[] }, i: number): Row {
  const at = now()
  return {
    ...c,
    key: `${c.code}-${c.cycle}-${i}`,
    name: c.cycle > 1 ? `${clockName(c)}（第 ${c.cycle} 轮）` : clockName(c),
    clause: clauseWords(c.clause),
    who: c.obligor === 'vendor' ? '乙方' : '甲方',
    how: how[c.unit],
    began: timeWords(c.started_at, at),
    due: timeWords(c.due_at, at),
    stopped: c.stopped_at ? timeWords(c.stopped_at, at) : '',
    gross: spanWords(c.gross_seconds * 1000),
    net: c.net_seconds === c.gross_seconds ? '' : spanWords(c.net_seconds * 1000),
    lines: c.trace.map(lineOf),
  }
}
