import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reset, sent, serve, signedIn, store, wx } from './fake-wx'

const load = () => import('../../src/services/draft')
const keys = (): (string | undefined)[] => sent.filter((s) => s.path === '/tickets').map((s) => s.header['idempotency-key'])
const stored = (kind = 'fault'): { key: string; values: { title: string } } => store.get(`draft:${kind}`) as never

beforeEach(() => {
  reset()
  signedIn()
})

afterEach(() => vi.useRealTimers())

const body = { title: '打不开', description: '一直转圈' }
const typed = async () => {
  const d = await load()
  d.openDraft('fault')
  const draft = { values: { title: ' 打不开 ', description: '一直转圈' }, files: [] }
  return { d, draft, send: () => d.sendDraft('fault', draft, body) }
}

test('a lost answer leaves draft and key, and the resend carries the same key', async () => {
  const { send } = await typed()
  serve(() => 'lost')
  await expect(send()).rejects.toMatchObject({ unanswered: true })
  expect(stored().values.title).toBe(' 打不开 ')

  serve(() => ({ status: 201, body: { id: 't1' } }))
  await expect(send()).resolves.toMatchObject({ id: 't1' })
  expect(keys()).toHaveLength(2)
  expect(new Set(keys()).size).toBe(1)
  expect(sent.at(-1)?.data).toEqual({ kind: 'fault', ...body })
  expect(store.has('draft:fault')).toBe(false)
})

test('the key outlives a restart of the app', async () => {
  const { send } = await typed()
  serve(() => 'lost')
  await send().catch(() => null)

  vi.resetModules()
  const again = await load()
  const { restored, ...draft } = again.openDraft('fault')
  expect(restored).toBe(true)
  serve(() => ({ status: 201, body: { id: 't1' } }))
  await again.sendDraft('fault', draft, body)
  expect(new Set(keys()).size).toBe(1)
})

test('a double tap sends one request', async () => {
  const { send } = await typed()
  serve(() => ({ status: 201, body: { id: 't1' } }))
  const [a, b] = await Promise.all([send(), send()])
  expect(a).toBe(b)
  expect(keys()).toHaveLength(1)
})

test('a clear refusal asks for another key; a reused key keeps it', async () => {
  const { d, send } = await typed()
  expect(d.openDraft('fault').restored).toBe(false)
  serve(() => ({ status: 422, body: { code: 'VALIDATION_FAILED', title: '不行' } }))
  await send().catch(() => null)
  serve(() => ({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED', title: '用过了' } }))
  await send().catch(() => null)
  serve(() => ({ status: 201, body: { id: 't1' } }))
  await send()
  const [first, second, third] = keys()
  expect(second).not.toBe(first)
  expect(third).toBe(second)
})

test('each kind has its own draft; sending one leaves the others, signing out takes all', async () => {
  const { d, send } = await typed()
  d.openDraft('change')
  d.keepDraft('change', { values: { title: '导出' }, files: [] })
  d.writeDraftNow('change')
  serve(() => ({ status: 201, body: { id: 't1' } }))
  await send()
  expect(stored('change').values.title).toBe('导出')
  d.clearDrafts()
  expect(store.has('draft:change')).toBe(false)
})

test('a form that was only looked at leaves nothing behind', async () => {
  const { d } = await typed()
  d.writeDraftNow('fault')
  expect(store.has('draft:fault')).toBe(false)
})

test('typing is written a moment later, leaving writes at once', async () => {
  vi.useFakeTimers()
  const { d } = await typed()
  const type = (title: string): void => d.keepDraft('fault', { values: { title }, files: [] })
  type('一')
  type('一二')
  expect(wx.setStorageSync).not.toHaveBeenCalled()
  vi.advanceTimersByTime(500)
  expect(wx.setStorageSync).toHaveBeenCalledTimes(1)
  expect(stored().values.title).toBe('一二')
  type('一二三')
  d.writeDraftNow('fault')
  expect(stored().values.title).toBe('一二三')
})

test("another person's draft is not shown, nor one of an older shape", async () => {
  store.set('draft:fault', { owner: 'someone-else', key: 'k', values: { title: '别人的' }, files: [] })
  store.set('draft:change', { owner: 'p1', key: 'k', fields: { title: '旧的' } })
  const { openDraft } = await load()
  expect(openDraft('fault')).toEqual({ values: {}, files: [], restored: false })
  expect(openDraft('change').restored).toBe(false)
})
