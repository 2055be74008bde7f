/** How near a deadline is, in words and in a tone; the tone is never the only sign. */
export type Tone = 'calm' | 'soon' | 'over' | 'done' | 'void'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SOON = 2 * HOUR

/** 3 天 4 小时 · 3 小时 12 分 · 25 分 · 48 秒: two units at most, the larger first. */
export function spanWords(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / 1000))} 秒`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} 分`
  const [whole, unit, rest, small] =
    ms < DAY ? [Math.floor(ms / HOUR), '小时', Math.floor((ms % HOUR) / MINUTE), '分'] : [Math.floor(ms / DAY), '天', Math.floor((ms % DAY) / HOUR), '小时']
  return rest ? `${whole} ${unit} ${rest} ${small}` : `${whole} ${unit}`
}

export function countdown(dueAt: string, now: number): { text: string; tone: Tone } {
  const left = Date.parse(dueAt) - now
  if (left < 0) return { text: left > -MINUTE ? '刚刚超时' : `已超 ${spanWords(-left)}`, tone: 'over' }
  return { text: `还剩 ${spanWords(left)}`, tone: left < SOON ? 'soon' : 'calm' }
}

interface ClockState {
  due_at: string
  stopped_at: string | null
  verdict: 'running' | 'met' | 'breached' | 'void'
}

/** A stopped clock no longer counts down; it says how it ended. */
export function clockWords(c: ClockState, now: number): { text: string; tone: Tone } {
  if (c.verdict === 'void') return { text: '不再计时', tone: 'void' }
  if (!c.stopped_at) return countdown(c.due_at, now)
  const late = Date.parse(c.stopped_at) - Date.parse(c.due_at)
  return c.verdict === 'breached' ? { text: late > 0 ? `超时 ${spanWords(late)}` : '已超时', tone: 'over' } : { text: '按时完成', tone: 'done' }
}
