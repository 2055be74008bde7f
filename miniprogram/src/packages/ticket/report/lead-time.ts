import type { TraceLine } from '../../../services/ticket-types'
import { dateWords } from '../../../words/time'

/**
 * 2.2.1: a change is notified five working days ahead. Told before the date is chosen, so that nobody is refused
 * afterwards; the server decides when the notice is issued.
 */

/** The last day of the trace is the fifth working day after today: the earliest a change may take effect. */
export const earliestFrom = (trace: readonly TraceLine[]): string => trace[trace.length - 1]?.date ?? ''

export function leadTimeNote(earliest: string, wished: string): { title: string; lines: string[] } {
  const day = dateWords(earliest)
  if (wished && wished < earliest) return { title: `${dateWords(wished)} 早于最早的 ${day}`, lines: ['可以先存草稿；签发时要么改日子，要么请乙方书面同意缩短。'] }
  return { title: `今天签发，最早 ${day} 生效`, lines: ['协议 2.2.1：变更要提前 5 个工作日书面通知。'] }
}
