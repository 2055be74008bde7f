import type { Clock, TraceLine } from '../services/ticket-types'
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

const dayWords: Record<string, string> = { workday: '工作日', rest: '休息日', holiday: '节假日', make_up: '调休上班' }

export const how: Record<Clock['unit'], string> = {
  natural_hours: '昼夜连着算，休息日也算',
  working_hours: '只算乙方工作时间',
  working_days: '收到当天不算；调休上班算，节假日不算；最后一天下班时到期',
  natural_days: '收到当天不算；最后一天遇休息日顺延',
  instant: '到约定的那一刻',
}

const SKIPPED = ['', '0', '不计']

/** The server's note repeats date and day for those who read it alone; beside them only the rest is news. */
const restOf = (note: string): string => note.replace(/^\d+月\d+日 周. ?/, '').replace(/^\S*(工作日|休息日|节假日|调休上班) ?/, '').replace(/^不计$/, '')

export function lineOf(t: TraceLine, i: number): Trace {
  const counted = t.counted === true ? '计入' : t.counted === false || t.counted === null ? '不计' : String(t.counted)
  const skipped = SKIPPED.includes(counted)
  const named = /周. (\S*)(?:节假日)/.exec(t.note)?.[1]
  return { key: `${t.date}#${i}`, date: dateWords(t.date), look: t.kind, kind: [named, dayWords[t.kind]].find(Boolean) ?? '', counted: skipped ? '不计' : counted, skipped, note: restOf(t.note) }
}

/** 协议第 4.2 条 · 附件 P9 */
export const clauseWords = (clause: string): string => (/^\d/.test(clause) ? `协议第 ${clause} 条` : clause)
