// What was watched, on its way to the server: kept until it is heard of, in order, and never twice.
import { beforeEach, expect, test, vi } from 'vitest'
import { reset, sent, serve, signedIn, store, type Sent } from './fake-wx'

interface Body {
  player: string
  seq?: number
  beats?: { seq: number; from: number; to: number }[]
}

const load = () => import('../../src/services/beats')
const bodies = (): Body[] => sent.filter((s) => s.path.endsWith('/progress')).map((s) => s.data as unknown as Body)
const heard = (s: Sent) => {
  const { seq, beats } = s.data as unknown as Body
  return { status: 200, body: { coverage: 10, completed: false, course: { percent: 0, completed: false }, seq: beats?.at(-1)?.seq ?? seq } }
}
const stretch = (from: number, to: number) => ({ from, to, position: to })

beforeEach(() => {
  reset()
  signedIn()
})

test('one beat goes by itself, and nothing is left behind once it was heard of', async () => {
  serve(heard)
  const { openPlayer, note, flush, unsent } = await load()
  const queue = openPlayer('m1')
  note(queue, stretch(3, 3))
  await expect(flush(queue)).resolves.toMatchObject({ coverage: 10 })
  expect(bodies()).toEqual([{ player: queue.player, seq: 1, from: 3, to: 3, position: 3 }])
  expect(unsent(queue)).toBe(0)
  expect(store.has('beats')).toBe(false)
})

test('without a network beats are kept, and go later as one list in their order', async () => {
  serve(() => 'lost')
  const { openPlayer, note, flush, unsent } = await load()
  const queue = openPlayer('m1')
  for (const at of [0, 10, 20]) {
    note(queue, stretch(at, at + (at ? 10 : 0)))
    await flush(queue).catch(() => null)
  }
  expect(unsent(queue)).toBe(20)
  expect(store.has('beats')).toBe(true)
  sent.length = 0
  serve(heard)
  await flush(queue)
  expect(bodies()).toHaveLength(1)
  expect(bodies()[0]?.beats?.map((b) => b.seq)).toEqual([1, 2, 3])
  expect(unsent(queue)).toBe(0)
})

test('a player that the server has not heard of yet is known as such', async () => {
  serve(() => 'lost')
  const { openPlayer, note, flush, isKnown } = await load()
  const queue = openPlayer('m1')
  note(queue, stretch(0, 0))
  await flush(queue).catch(() => null)
  expect(isKnown(queue)).toBe(false)
  serve(heard)
  await flush(queue)
  serve(() => 'lost')
  note(queue, stretch(0, 10))
  await flush(queue).catch(() => null)
  expect(isKnown(queue)).toBe(true)
})

test('a long outage goes in lists of two hundred', async () => {
  serve(() => 'lost')
  const { openPlayer, note, flush } = await load()
  const queue = openPlayer('m1')
  for (let i = 0; i < 450; i++) note(queue, stretch(i, i + 1))
  sent.length = 0
  serve(heard)
  await flush(queue)
  expect(bodies().map((b) => b.beats?.length)).toEqual([200, 200, 50])
})

test('two flushes at a time are one; a beat noted meanwhile goes after it', async () => {
  let answer: (v: unknown) => void = () => undefined
  const first = new Promise((done) => (answer = done))
  serve(async (s) => {
    if ((s.data as unknown as Body).seq === 1) await first
    return heard(s)
  })
  const { openPlayer, note, flush } = await load()
  const queue = openPlayer('m1')
  note(queue, stretch(0, 0))
  const a = flush(queue)
  note(queue, stretch(0, 10))
  const b = flush(queue)
  answer(null)
  await Promise.all([a, b])
  expect(bodies().map((x) => x.seq)).toEqual([1, 2])
})

test('a clear no ends it: what cannot ever be taken is not sent again', async () => {
  serve(() => ({ status: 409, body: { code: 'PLAYER_ELSEWHERE', title: '在别处' } }))
  const { openPlayer, note, flush, unsent } = await load()
  const queue = openPlayer('m1')
  note(queue, stretch(0, 10))
  await expect(flush(queue)).rejects.toMatchObject({ code: 'PLAYER_ELSEWHERE' })
  expect(unsent(queue)).toBe(0)
})

test('a busy server is no clear no', async () => {
  serve(() => ({ status: 503, body: { code: 'BUSY' } }))
  const { openPlayer, note, flush, unsent } = await load()
  const queue = openPlayer('m1')
  note(queue, stretch(0, 10))
  await flush(queue).catch(() => null)
  expect(unsent(queue)).toBe(10)
})

test('after a restart the old player hands in what it had, under its own name and numbers', async () => {
  serve(() => 'lost')
  const before = await load()
  const queue = before.openPlayer('m1')
  before.note(queue, stretch(0, 0))
  before.note(queue, stretch(0, 12.5))
  await before.flush(queue).catch(() => null)

  vi.resetModules()
  sent.length = 0
  serve(heard)
  const after = await load()
  await expect(after.sendLeftovers()).resolves.toBe(0)
  expect(bodies()).toEqual([{ player: queue.player, beats: [{ seq: 1, from: 0, to: 0, position: 0 }, { seq: 2, from: 0, to: 12.5, position: 12.5 }] }])
  expect(store.has('beats')).toBe(false)
})

test('what was refused because the person went on elsewhere is said in seconds', async () => {
  serve(() => 'lost')
  const { openPlayer, note, sendLeftovers } = await load()
  const queue = openPlayer('m1')
  note(queue, stretch(0, 30))
  serve(() => ({ status: 409, body: { code: 'PLAYER_ELSEWHERE' } }))
  await expect(sendLeftovers()).resolves.toBe(30)
})

test("another person's leftovers are not sent, and signing out takes all", async () => {
  store.set('beats', { x: { owner: 'someone-else', material: 'm1', player: 'x', seq: 1, beats: [{ seq: 1, from: 0, to: 9, position: 9 }] } })
  serve(heard)
  const { sendLeftovers, forgetBeats } = await load()
  await sendLeftovers()
  expect(bodies()).toEqual([])
  forgetBeats()
  expect(store.has('beats')).toBe(false)
})
