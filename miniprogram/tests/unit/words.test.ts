import { expect, test } from 'vitest'
import { clockWords, countdown, spanWords } from '../../src/words/countdown'
import { dateWords, exactWords, greeting, instantOf, timeWords } from '../../src/words/time'

const MIN = 60_000
const HOUR = 60 * MIN
const now = Date.parse('2026-11-22T09:00:00Z') // 17:00 in Beijing, a Sunday
const at = (ms: number): string => new Date(now + ms).toISOString()

test('a span has two units at most', () => {
  expect(spanWords(48_000)).toBe('48 秒')
  expect(spanWords(25 * MIN)).toBe('25 分')
  expect(spanWords(3 * HOUR + 12 * MIN + 40_000)).toBe('3 小时 12 分')
  expect(spanWords(5 * HOUR)).toBe('5 小时')
  expect(spanWords(76 * HOUR + 30 * MIN)).toBe('3 天 4 小时')
})

test('a countdown says how long and how urgent', () => {
  expect(countdown(at(3 * HOUR + 12 * MIN), now)).toEqual({ text: '还剩 3 小时 12 分', tone: 'calm' })
  expect(countdown(at(90 * MIN), now)).toEqual({ text: '还剩 1 小时 30 分', tone: 'soon' })
  expect(countdown(at(0), now)).toEqual({ text: '还剩 0 秒', tone: 'soon' })
  expect(countdown(at(-20_000), now)).toEqual({ text: '刚刚超时', tone: 'over' })
  expect(countdown(at(-25 * MIN), now)).toEqual({ text: '已超 25 分', tone: 'over' })
})

test('a stopped clock says how it ended', () => {
  expect(clockWords({ due_at: at(0), stopped_at: at(-HOUR), verdict: 'met' }, now)).toEqual({ text: '按时完成', tone: 'done' })
  expect(clockWords({ due_at: at(-2 * HOUR), stopped_at: at(-HOUR), verdict: 'breached' }, now)).toEqual({ text: '超时 1 小时', tone: 'over' })
  expect(clockWords({ due_at: at(HOUR), stopped_at: null, verdict: 'void' }, now)).toEqual({ text: '不再计时', tone: 'void' })
  expect(clockWords({ due_at: at(-25 * MIN), stopped_at: null, verdict: 'breached' }, now).text).toBe('已超 25 分')
})

test('times are in Beijing, near days by name', () => {
  expect(timeWords(at(0), now)).toBe('今天 17:00')
  expect(timeWords(at(8 * HOUR), now)).toBe('明天 01:00')
  expect(timeWords(at(-18 * HOUR), now)).toBe('昨天 23:00')
  expect(timeWords('2026-12-01T01:30:00Z', now)).toBe('12月1日 09:30')
  expect(timeWords('2025-12-31T16:30:00Z', now)).toBe('1月1日 00:30')
  expect(timeWords('2025-11-20T01:30:00Z', now)).toBe('2025年11月20日 09:30')
  expect(timeWords('not a time', now)).toBe('')
  expect(exactWords('2026-11-22T16:05:00.004Z')).toBe('2026-11-23 00:05')
  expect(instantOf('2026-11-23 00:05')).toBe('2026-11-22T16:05:00.000Z')
  expect(dateWords('2026-11-22')).toBe('11月22日 周日')
  expect(greeting(now)).toBe('下午好')
})
