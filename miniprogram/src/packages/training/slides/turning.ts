import type { Unnumbered } from '../../../services/beats'

/** Seen pages are told of less often: their seconds count towards the whole only. */
const SEEN_MS = 10_000

/**
 * How long each page was really on the screen. What is not told yet waits with its page: whoever turns back before a
 * page counts goes on where they were. Pure; times in ms.
 */
export class Turning {
  private page = 0
  private since: number | null = null
  private readonly waiting = new Map<number, number>()
  private told = 0

  /**
   * @param before what was counted on earlier visits, in seconds
   * @param enough for how long a page has to be shown in one beat
   * @param seen pages that count already; from 1
   */
  constructor(private readonly before: number, private readonly enough: number, readonly seen: Set<number>) {}

  show(page: number, now: number): void {
    this.hide(now)
    this.page = page
    this.since = now
  }

  hide(now: number): void {
    if (this.since !== null) this.waiting.set(this.page, this.of(this.page, now))
    this.since = null
  }

  private of(page: number, now: number): number {
    const running = this.since !== null && page === this.page ? Math.max(0, now - this.since) : 0
    return (this.waiting.get(page) ?? 0) + running
  }

  /** Seconds in all, for the screen. */
  total(now: number): number {
    const open = this.since !== null && !this.waiting.has(this.page) ? [this.page] : []
    return Math.floor(this.before + (this.told + [...this.waiting.keys(), ...open].reduce((sum, page) => sum + this.of(page, now), 0)) / 1000)
  }

  private take(page: number, now: number): Unnumbered[] {
    const seconds = Math.floor(this.of(page, now) / 1000)
    if (!seconds) return []
    this.told += seconds * 1000
    this.waiting.set(page, this.of(page, now) - seconds * 1000)
    if (this.since !== null && page === this.page) this.since = now
    return [{ dwell_seconds: seconds, page }]
  }

  /** What may be told now: pages that have been shown long enough, and what was spent on pages that count already. */
  due(now: number): Unnumbered[] {
    return this.pages().flatMap((page) => {
      const spent = this.of(page, now)
      if (this.seen.has(page)) return spent >= SEEN_MS ? this.take(page, now) : []
      if (spent < this.enough) return []
      this.seen.add(page)
      return this.take(page, now)
    })
  }

  /** Everything, before leaving or when only time is missing. */
  rest(now: number): Unnumbered[] {
    return this.pages().flatMap((page) => this.take(page, now))
  }

  private pages(): number[] {
    return [...new Set([...this.waiting.keys(), ...(this.since === null ? [] : [this.page])])].sort((a, b) => a - b)
  }
}

/** Pages that count, from the server's stretches: page 1 is from 0 to 1. */
export const seenPages = (intervals: readonly [number, number][]): Set<number> =>
  new Set(intervals.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + 1 + i)))
