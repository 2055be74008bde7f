/** Which stretches of a recording were really played. Pure; times in seconds of the recording. */
export interface Stretch {
  from: number
  to: number
}

/** A player tells its time about four times a second, at twice the speed half a second apart; more is a jump. */
const JUMP = 3
const BACK = 0.5

const ms = (s: number): number => Math.round(s * 1000) / 1000

export class Watching {
  private from: number | null = null
  private at = 0

  /** The recording plays and stands here. Returns the stretch that a jump has ended. */
  time(at: number): Stretch | null {
    const step = at - this.at
    if (this.from === null || step < -BACK || step > JUMP) {
      const before = this.stop()
      this.from = this.at = at
      return before
    }
    this.at = Math.max(this.at, at)
    return null
  }

  /** What was played since the last cut; it goes on from there. */
  cut(): Stretch | null {
    if (this.from === null || this.at - this.from < 0.05) return null
    const played = { from: ms(this.from), to: ms(this.at) }
    this.from = this.at
    return played
  }

  stop(): Stretch | null {
    const played = this.cut()
    this.from = null
    return played
  }
}

export type Pair = [number, number]

/** The union, in order. */
export function united(pairs: readonly Pair[]): Pair[] {
  const out: Pair[] = []
  for (const [from, to] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const last = out[out.length - 1]
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}

/** As parts of a bar, in percent of the whole. */
export const bars = (pairs: readonly Pair[], whole: number): { left: number; width: number }[] =>
  whole > 0 ? united(pairs).map(([from, to]) => ({ left: (from * 100) / whole, width: (Math.min(to, whole) - from) * 100 / whole })) : []

export const share = (pairs: readonly Pair[], whole: number): number => (whole > 0 ? Math.floor((united(pairs).reduce((sum, [from, to]) => sum + to - from, 0) * 100) / whole) : 0)
