import { now } from '../../../services/server-time'
import type { Clock, TraceLine } from '../../../services/tickets'
import { spanWords } from '../../../words/countdown'
import { clockName } from '../../../words/ticket'
import { dateWords, timeWords } from '../../../words/time'

/** A clock as it is explained: its facts, and day by day why it ends when it ends. */
export interface Trace {
  key: string
  date: string
  /** rest, holiday, make_up or workday: decides the shade. */
  look: string
  kind: string
  counted: string
  skipped: boolean
  note: string
}

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

const dayWords: Record<string, string> = { workday: '工作日', rest: '休息', holiday: '放假', make_up: '调休上班' }

const how: Record<Clock['unit'], string> = {
  natural_hours: '昼夜连着算，休息日也算',
  working_hours: '只算乙方工作时间',
  working_days: '收到当天不算；调休上班算，节假日不算；最后一天下班时到期',
  natural_days: '收到当天不算；最后一天遇休息日顺延',
  instant: '到约定的那一刻',
}

const SKIPPED = ['', '0', '不计']

/** The server's note repeats date and day for those who read it alone; beside them only the rest is news. Milliseconds are for the ledger. */
const restOf = (note: string): string =>
  note.replace(/^\d+月\d+日 周. ?/, '').replace(/^\S*(工作日|休息|放假|调休上班) ?/, '').replace(/^不计$/, '').replace(/(:\d\d)\.\d{1,3}/g, '$1')

function lineOf(t: TraceLine, i: number): Trace {
  const counted = t.counted === true ? '计入' : t.counted === false || t.counted === null ? '不计' : String(t.counted)
  const skipped = SKIPPED.includes(counted)
  const named = /周. (\S+)放假/.exec(t.note)?.[1]
  return { key: `${t.date}#${i}`, date: dateWords(t.date), look: t.kind, kind: [named, dayWords[t.kind]].find(Boolean) ?? '', counted: skipped ? '不计' : counted, skipped, note: restOf(t.note) }
}

/** 协议第 4.2 条 · 附件 P9 */
const clauseWords = (clause: string): string => (/^\d/.test(clause) ? `协议第 ${clause} 条` : clause)

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
