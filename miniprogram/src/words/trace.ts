import type { Clock, TraceLine } from '../services/ticket-types'
import { dayWords } from './agreement'
import { dateWords } from './time'

/** Why a deadline ends when it ends, day by day. */
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

/** A newer server may know another kind of day. */
const dayWord = (kind: string): string => (dayWords as Record<string, { word: string } | undefined>)[kind]?.word ?? ''

export const how: Record<Clock['unit'], string> = {
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

export function lineOf(t: TraceLine, i: number): Trace {
  const counted = t.counted === true ? '计入' : t.counted === false || t.counted === null ? '不计' : String(t.counted)
  const skipped = SKIPPED.includes(counted)
  const named = /周. (\S+)放假/.exec(t.note)?.[1]
  return { key: `${t.date}#${i}`, date: dateWords(t.date), look: t.kind, kind: [named, dayWord(t.kind)].find(Boolean) ?? '', counted: skipped ? '不计' : counted, skipped, note: restOf(t.note) }
}

/** 协议第 4.2 条 · 附件 P9 */
export const clauseWords = (clause: string): string => (/^\d/.test(clause) ? `协议第 ${clause} 条` : clause)
