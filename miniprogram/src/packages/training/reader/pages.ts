import type { Unnumbered } from '../../../services/beats'

/** Pages that were read since the last time, each with its share of the seconds. WeChat's viewer tells nobody what it shows. */
export function pageBeats(seen: number, upTo: number, seconds: number): Unnumbered[] {
  const pages = Array.from({ length: Math.max(0, upTo - seen) }, (_, i) => seen + 1 + i)
  if (!pages.length) return seconds ? [{ dwell_seconds: seconds, ...(seen ? { page: seen } : {}) }] : []
  const share = Math.floor(seconds / pages.length)
  return pages.map((page, i) => ({ dwell_seconds: i ? share : seconds - share * (pages.length - 1), page }))
}

/** How many pages from the first on are seen without a gap. */
export const readUpTo = (intervals: readonly [number, number][]): number => (intervals[0]?.[0] === 0 ? intervals[0][1] : 0)
