/** How long a document was really in front of somebody: time in the background does not count. Pure; times in ms. */
export class Dwelling {
  private since: number | null = null
  private told = 0
  private sum = 0

  /** What was counted on earlier visits, in seconds. */
  constructor(private readonly before: number) {}

  show(now: number): void {
    this.since ??= now
  }

  hide(now: number): void {
    if (this.since !== null) this.sum += Math.max(0, now - this.since)
    this.since = null
  }

  private spent(now: number): number {
    return this.sum + (this.since === null ? 0 : Math.max(0, now - this.since))
  }

  /** Seconds in all, for the screen. */
  total(now: number): number {
    return Math.floor(this.before + this.spent(now) / 1000)
  }

  /** Whole seconds since they were last taken; the rest stays for the next time. */
  take(now: number): number {
    const whole = Math.floor((this.spent(now) - this.told) / 1000)
    this.told += whole * 1000
    return whole
  }
}
