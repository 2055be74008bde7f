/** Everything is shown in Beijing time, whatever the phone is set to: the agreement counts in it. */
const HOUR = 3_600_000
const DAY = 24 * HOUR
const OFFSET = 8 * HOUR

const two = (n: number): string => String(n).padStart(2, '0')
const dayNumber = (ms: number): number => Math.floor((ms + OFFSET) / DAY)

const parts = (ms: number): { year: number; month: number; day: number; clock: string } => {
  const d = new Date(ms + OFFSET)
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), clock: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}` }
}

/** 今天 17:00 · 明天 09:30 · 11月24日 17:00 · 2025年11月24日 17:00 */
export function timeWords(iso: string, now: number): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return ''
  const { year, month, day, clock } = parts(ms)
  const away = dayNumber(ms) - dayNumber(now)
  const near: Record<number, string> = { [-1]: '昨天', 0: '今天', 1: '明天', 2: '后天' }
  const name = near[away]
  if (name) return `${name} ${clock}`
  return year === parts(now).year ? `${month}月${day}日 ${clock}` : `${year}年${month}月${day}日 ${clock}`
}

/** For records: 2026-11-22 17:00 */
export function exactWords(iso: string): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return ''
  const { year, month, day, clock } = parts(ms)
  return `${year}-${two(month)}-${two(day)} ${clock}`
}

/** 2026-11-22, a calendar date, as 11月22日 周日 */
export function dateWords(date: string): string {
  const ms = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(ms)) return date
  const d = new Date(ms)
  return `${d.getUTCMonth() + 1}月${d.getUTCDate()}日 周${'日一二三四五六'.charAt(d.getUTCDay())}`
}

/** Beijing "2026-11-22 17:00" as an instant. */
export const instantOf = (beijing: string): string => new Date(Date.parse(`${beijing.replace(' ', 'T')}:00Z`) - OFFSET).toISOString()

export function greeting(now: number): string {
  const hour = new Date(now + OFFSET).getUTCHours()
  if (hour < 5) return '夜深了'
  if (hour < 11) return '早上好'
  if (hour < 13) return '中午好'
  return hour < 18 ? '下午好' : '晚上好'
}

/** The calendar date in Beijing: 2026-11-22 */
export const beijingDate = (ms: number): string => exactWords(new Date(ms).toISOString()).slice(0, 10)
