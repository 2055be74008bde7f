import type { Attendance, TrainingClass } from '../services/classes'
import { dateWords, exactWords, timeWords } from './time'

/** 今天 14:00 – 15:30 · 11月24日 周二 14:00 – 15:30 */
export function spanOf(starts: string, ends: string, now: number): string {
  const start = timeWords(starts, now)
  const sameDay = exactWords(starts).slice(0, 10) === exactWords(ends).slice(0, 10)
  return `${start} – ${sameDay ? exactWords(ends).slice(11) : timeWords(ends, now)}`
}

export function seatsLine(c: Pick<TrainingClass, 'enrolled' | 'capacity'>): string {
  return c.capacity ? `已报名 ${c.enrolled} / ${c.capacity} 人` : `已报名 ${c.enrolled} 人`
}

const methods: Record<string, string> = { code: '输码或扫码', marked: '讲师补签' }

/** 09:02 签到（输码或扫码），11:30 签退 */
export function attendedLine(a: Attendance): string {
  if (!a.signed_in_at) return '没有签到'
  const method = methods[a.method ?? ''] ?? ''
  const out = a.signed_out_at ? `，${exactWords(a.signed_out_at).slice(11)} 签退` : '，没有签退'
  return `${exactWords(a.signed_in_at).slice(11)} 签到${method ? `（${method}）` : ''}${out}`
}

export const departmentsLine = (departments: readonly string[]): string => (departments.length && !departments.includes('*') ? departments.join('、') : '全体')

export const dayLine = (starts: string): string => dateWords(exactWords(starts).slice(0, 10))
