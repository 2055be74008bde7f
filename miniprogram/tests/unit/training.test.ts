// The pure parts of training: what counts as watched or read, what a quiz says, and the words around them.
import { beforeEach, expect, test } from 'vitest'
import { linesOf } from '../../src/packages/training/certificate/drawing'
import { rowOf } from '../../src/packages/training/course/row'
import { cueAt, cuesOf } from '../../src/packages/training/player/captions'
import { bars, share, united, Watching } from '../../src/packages/training/player/watching'
import { qrOf } from '../../src/packages/training/qr'
import { answersOf, attemptsLine, choose, judgedRow, unanswered } from '../../src/packages/training/quiz/paper'
import { Dwelling } from '../../src/packages/training/reader/dwelling'
import { pageBeats, readUpTo } from '../../src/packages/training/reader/pages'
import { seenPages, Turning } from '../../src/packages/training/slides/turning'
import { readCode, spaced, writtenCode } from '../../src/packages/training/sign-code'
import type { Coverage, CourseItem, Question } from '../../src/services/learning'
import { dueWords, playTime } from '../../src/words/learning'
import { reset } from './fake-wx'

beforeEach(reset)

test('playing makes one stretch; a jump ends it and what was jumped over is not claimed', () => {
  const w = new Watching()
  expect(w.time(10)).toBeNull()
  for (let t = 10.25; t <= 15; t += 0.25) expect(w.time(t)).toBeNull()
  expect(w.time(60)).toEqual({ from: 10, to: 15 })
  w.time(61)
  expect(w.cut()).toEqual({ from: 60, to: 61 })
  w.time(62)
  expect(w.stop()).toEqual({ from: 61, to: 62 })
  expect(w.stop()).toBeNull()
  // After a stop nothing is claimed for the way to where it begins again.
  w.time(90)
  expect(w.stop()).toBeNull()
})

test('going back ends a stretch too; twice the speed does not', () => {
  const w = new Watching()
  for (const t of [0, 2, 4, 6]) expect(w.time(t)).toBeNull()
  expect(w.time(1)).toEqual({ from: 0, to: 6 })
})

test('stretches that touch are one, as the server counts them', () => {
  expect(united([[10, 20], [0, 5], [20, 25], [4, 6]])).toEqual([[0, 6], [10, 25]])
  expect(share([[0, 50], [25, 75]], 100)).toBe(75)
  expect(bars([[50, 100], [0, 25]], 200)).toEqual([{ left: 0, width: 12.5 }, { left: 25, width: 25 }])
  expect(bars([[0, 5]], 0)).toEqual([])
})

test('captions are read as they come: hours or none, settings, tags, CRLF', () => {
  const cues = cuesOf('WEBVTT\r\n\r\n1\r\n00:01.000 --> 00:03.500 align:start\r\n<v 何军>第一句\r\n第二行\r\n\r\nNOTE 不显示\r\n\r\n01:00:00.000 --> 01:00:02.000\r\n最后')
  expect(cues).toEqual([{ from: 1, to: 3.5, text: '第一句\n第二行' }, { from: 3600, to: 3602, text: '最后' }])
  expect([cueAt(cues, 0.9), cueAt(cues, 1), cueAt(cues, 3.5)]).toEqual([-1, 0, -1])
})

test('time in the background does not count, and a rest of a second is not lost', () => {
  const d = new Dwelling(5)
  d.show(0)
  expect(d.take(1500)).toBe(1)
  d.hide(2500)
  expect(d.total(60_000)).toBe(7)
  d.show(60_000)
  expect(d.take(61_500)).toBe(3)
  expect(d.take(61_500)).toBe(0)
})

test('pages are claimed one by one with their share of the seconds', () => {
  expect(pageBeats(0, 3, 17)).toEqual([{ dwell_seconds: 7, page: 1 }, { dwell_seconds: 5, page: 2 }, { dwell_seconds: 5, page: 3 }])
  expect(pageBeats(3, 3, 8)).toEqual([{ dwell_seconds: 8, page: 3 }])
  expect(pageBeats(0, 0, 0)).toEqual([])
  expect(readUpTo([[0, 4], [6, 7]])).toBe(4)
  expect(readUpTo([[2, 3]])).toBe(0)
})

const single: Question = { no: 1, kind: 'single', text: '几小时内响应？', options: [{ key: 'a', text: '8' }, { key: 'b', text: '24' }] }
const multiple: Question = { ...single, no: 2, kind: 'multiple' }

test('one choice replaces another, several stand beside each other', () => {
  const chosen = choose(choose({}, single, 'a'), single, 'b')
  expect(chosen).toEqual({ 1: ['b'] })
  const both = choose(choose(chosen, multiple, 'b'), multiple, 'a')
  expect(both[2]).toEqual(['a', 'b'])
  expect(choose(both, multiple, 'b')[2]).toEqual(['a'])
  expect(unanswered([single, multiple], chosen)).toEqual([multiple])
  expect(answersOf([single, multiple], chosen)).toEqual([{ no: 1, chosen: ['b'] }, { no: 2, chosen: [] }])
})

test('a judged question says what was chosen and, once it may be told, what is right', () => {
  const told = judgedRow(single, { no: 1, right: false, chosen: ['b'], correct: ['a'], explanation: '协议 4.2' })
  expect(told.options.map((o) => [o.mark, o.said])).toEqual([['right', '正确答案'], ['wrong', '你选的']])
  const secret = judgedRow(single, { no: 1, right: false, chosen: ['b'], correct: null, explanation: null })
  expect(secret.options.map((o) => o.mark)).toEqual(['', 'chosen'])
  expect(attemptsLine({ attempts_left: 0, next_attempt_at: '2026-11-26T00:00:00+08:00' }, Date.parse('2026-11-25T04:00:00Z'))).toBe('今天的次数用完了，明天 00:00 再来')
})

test('an item says what it is, how long, and how far one is', () => {
  const item: CourseItem = { id: 'i', kind: 'video', title: '看', required: false, version_id: 'v', version_no: 1, duration_ms: 65_000, pages: null, min_coverage: 90, link: null, my: { state: 'in_progress', coverage: 40, position: null, completed_at: null, has_new: false }, quiz: null }
  expect(rowOf(item, 0)).toMatchObject({ line: '视频 · 1:05 · 选学', state: '已学 40%', done: false })
  expect(rowOf({ ...item, my: { ...item.my, state: 'completed' } }, 0)).toMatchObject({ state: '已学完', done: true })
  expect(rowOf({ ...item, my: { ...item.my, state: 'completed', has_new: true } }, 0)).toMatchObject({ state: '有新内容', done: false })
})

test('a due date counts calendar days', () => {
  expect(dueWords('2026-11-25', '2026-11-25')).toEqual({ text: '今天要学完', late: false, near: true })
  expect(dueWords('2026-11-20', '2026-11-25')).toMatchObject({ late: true, text: '应在 11月20日 周五 前学完，已过 5 天' })
  expect(dueWords('2026-12-01', '2026-11-25')).toMatchObject({ near: true })
  expect(playTime(3729)).toBe('1:02:09')
})

test('a sign-in code is the digits and the class they belong to; anything else is no code', () => {
  expect(readCode(writtenCode('0199-a', '042917'))).toEqual({ id: '0199-a', code: '042917' })
  for (const other of ['042917', 'https://example.com', 'lvyue:class:x:12345', 'lvyue:class:x:1234567']) expect(readCode(other)).toBeNull()
  expect(spaced('042917')).toBe('042 917')
})

/** Module for module what Python's qrcode 8 makes of the same text, level and mask; each row as a hexadecimal number. */
const GOLDEN: Record<string, string> = {
  'lvyue:in:493021': '1fd537f 104bd41 175a75d 174345d 1748e5d 105f241 1fd557f 8700 1465d25 526cc7 1063265 1d19819 2cbac1 e952cb 1861fa5 5876b8 1ddcff8 10f19 1fde155 1040913 1743bf0 1749014 1751f1b 104f728 1fd0f29',
  'https://desk.example.com/verify/7K2M-9QXA':
    '1fc58f7f 104e7941 1759725d 1756885d 175fff5d 105c2041 1fd5557f 144300 17cc7e7c 158f4ed1 37c3960 73641ca 1f7f480c 1c17f3f1 8d9382c 17af1512 105d7a2c 1b320775 12ee30f4 130350b2 145409f7 15831f 1fc0ff5c 1056a710 175159f7 17579e0f 175b67fe 104b519a 1fd8aa34',
}

test('notices of training lead to its pages', async () => {
  const { placeOf } = await import('../../src/words/places')
  expect(placeOf({ kind: 'class', id: '7', number: 'PX-2026-000001' })).toBe('/packages/training/class/class?id=7')
  // As it is written for whoever writes and reviews, as it is taught for learners.
  expect(placeOf({ kind: 'authoring', id: '7', number: '登录' })).toBe('/packages/authoring/course/course?id=7')
  expect(placeOf({ kind: 'course', id: '7', number: '登录' })).toBe('/packages/training/course/course?id=7')
  expect(placeOf({ kind: 'course', id: '7', number: '' })).toBe('/packages/training/course/course?id=7')
})

test('QR codes are those that another encoder draws', () => {
  for (const [text, rows] of Object.entries(GOLDEN)) expect(qrOf(text).map((line) => parseInt(line.map(Number).join(''), 2).toString(16)).join(' '), text).toBe(rows)
  expect(qrOf('x'.repeat(106))).toHaveLength(41)
  expect(qrOf('x'.repeat(107))).toEqual([])
  expect(qrOf('汉字')).toEqual([])
})

test('the text of an article is dressed tag by tag, and nothing else of it changes', async () => {
  const { rich } = await import('../../src/components/article-view/rich')
  const html = rich('<h2>一</h2><p>a &lt;p&gt; b<br></p><pre><code>x &lt; y</code></pre><img src="/api/v1/materials/m/images/d" alt="图">')
  expect(html).toMatch(/^<h2 style="[^"]*">一<\/h2><p style="[^"]*">a &lt;p&gt; b<br><\/p>/)
  expect(html).toContain('src="http://127.0.0.1:8080/api/v1/materials/m/images/d"')
  expect(html.replace(/ style="[^"]*"/g, '').replace('http://127.0.0.1:8080', '')).toBe('<h2>一</h2><p>a &lt;p&gt; b<br></p><pre><code>x &lt; y</code></pre><img src="/api/v1/materials/m/images/d" alt="图">')
})

test('a long title of a certificate takes two lines and ends in dots, not outside the frame', () => {
  const fits = (line: string): boolean => line.length <= 6
  expect(linesOf('六个字的标题', fits)).toEqual(['六个字的标题'])
  expect(linesOf('这个标题实在是太长了写不下', fits)).toEqual(['这个标题实在', '是太长了写…'])
})

const coverage: Coverage = {
  rows: [{ category: 'operation', department: '市场部', people: 4, planned: 2, held: 1, attended: 3, started: 4, completed: 1, attempts: 5, passed: 2, pass_rate: 40, overdue: 1 }],
  totals: [{ category: 'operation', people: 4, planned: 2, held: 1, attended: 3, started: 4, completed: 1, attempts: 5, passed: 2, pass_rate: 40, overdue: 1 }],
}

test('every bar can be read aloud, and all four categories are there even when empty', async () => {
  const { blocksOf, tableOf } = await import('../../src/packages/training/coverage/chart')
  const [operation, ...others] = blocksOf(coverage, 'completed')
  expect(operation?.bars).toEqual([{ department: '市场部', percent: 25, value: '1 / 4 人', spoken: '市场部，学完 1 / 4 人', late: '1 人逾期' }])
  expect(operation?.line).toBe('1 / 4 人学完；开班 1 / 2 次，3 人到课；测验通过 40%')
  expect(others.map((b) => b.bars)).toEqual([[], [], []])
  expect(blocksOf(coverage, 'passed')[0]?.bars[0]).toMatchObject({ percent: 40, value: '40%（2 / 5 次）' })
  expect(tableOf(coverage).split('\n')[1]).toBe('基本操作\t市场部\t4\t2\t1\t3\t4\t1\t5\t2\t40%\t1')
})

test('a proposed class names departments as a list, or everybody', async () => {
  const { classBody } = await import('../../src/packages/training/class-forms')
  expect(classBody({ title: '课', departments: '市场部、财务部', capacity: '20' })).toEqual({ title: '课', departments: ['市场部', '财务部'], capacity: 20 })
  expect(classBody({ title: '课' })).toEqual({ title: '课', departments: ['*'] })
})

test('a page of slides is told when it was shown long enough, and turning back goes on', () => {
  const t = new Turning(0, 4000, new Set([3]))
  t.show(1, 0)
  expect(t.due(3900)).toEqual([])
  t.show(2, 3900)
  expect(t.due(7000)).toEqual([])
  t.show(1, 7000)
  expect(t.due(7100)).toEqual([{ dwell_seconds: 4, page: 1 }])
  expect([...t.seen]).toEqual([3, 1])
  // Pages that count already are told of in tens of seconds, the background is no time at all.
  t.show(3, 7100)
  expect(t.due(16_000)).toEqual([])
  t.hide(17_100)
  expect(t.due(60_000)).toEqual([{ dwell_seconds: 10, page: 3 }])
  expect(t.total(60_000)).toBe(17)
  expect(t.rest(60_000)).toEqual([{ dwell_seconds: 3, page: 2 }])
  expect(t.rest(60_000)).toEqual([])
  expect(t.total(60_000)).toBe(17)
})

test('no second of slides is told twice or lost, however pages are turned', () => {
  let seed = 20261129
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n
  for (let round = 0; round < 200; round++) {
    const t = new Turning(0, 4000, new Set())
    let [now, shown, told] = [0, 0, 0]
    const tell = (beats: { dwell_seconds: number }[]): void => beats.forEach((b) => (told += b.dwell_seconds))
    for (let step = 0; step < 40; step++) {
      t.show(1 + random(5), now)
      const stay = random(9000)
      now += stay
      shown += stay
      tell(t.due(now) as { dwell_seconds: number }[])
      if (random(4) === 0) {
        t.hide(now)
        now += random(60_000)
      }
    }
    t.hide(now)
    expect(t.total(now), `seed 20261129, round ${round}`).toBe(Math.floor(shown / 1000))
    tell(t.rest(now) as { dwell_seconds: number }[])
    expect(Math.abs(told - shown / 1000), `round ${round}`).toBeLessThan(5)
  }
})

test('pages that count come from the server as stretches', () => {
  expect([...seenPages([[0, 2], [3, 4]])]).toEqual([1, 2, 4])
})
