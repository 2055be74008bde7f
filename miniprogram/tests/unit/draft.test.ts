import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reset, sent, serve, signedIn, store, wx } from './fake-wx'

const load = () => import('../../src/services/draft')
const keys = (): (string | undefined)[] => sent.filter((s) => s.path === '/tickets').map((s) => s.header['idempotency-key'])
const stored = (): { key: string; fields: { title: string } } => store.get('draft:fault') as never

beforeEach(() => {
  reset()
  signedIn()
})

afterEach(() => vi.useRealTimers())

const typed = async () => {
  const d = await load()
  const { fields } = d.openDraft()
  return { d, fields: { ...fields, title: ' 打不开 ', description: '一直转圈', scope: ' ' } }
}

test('a lost answer leaves draft and key, and the resend carries the same key', async () => {
  const { d, fields } = await typed()
  serve(() => 'lost')
  await expect(d.sendDraft(fields)).rejects.toMatchObject({ unanswered: true })
  expect(stored().fields.title).toBe(' 打不开 ')

  serve(() => ({ status: 201, body: { id: 't1' } }))
  await expect(d.sendDraft(fields)).resolves.toMatchObject({ id: 't1' })
  expect(keys()).toHaveLength(2)
  expect(new Set(keys()).size).toBe(1)
  expect(store.has('draft:fault')).toBe(false)
})

test('the key outlives a restart of the app', async () => {
  const { d, fields } = await typed()
  serve(() => 'lost')
  await d.sendDraft(fields).catch(() => null)

  vi.resetModules()
  const again = await load()
  const opened = again.openDraft()
  expect(opened.restored).toBe(true)
  serve(() => ({ status: 201, body: { id: 't1' } }))
  await again.sendDraft(opened.fields)
  expect(new Set(keys()).size).toBe(1)
})

test('a double tap sends one request', async () => {
  const { d, fields } = await typed()
  serve(() => ({ status: 201, body: { id: 't1' } }))
  const [a, b] = await Promise.all([d.sendDraft(fields), d.sendDraft(fields)])
  expect(a).toBe(b)
  expect(keys()).toHaveLength(1)
})

test('a clear refusal asks for another key; a reused key keeps it', async () => {
  const { d, fields } = await typed()
  const before = d.openDraft()
  expect(before.restored).toBe(false)
  serve(() => ({ status: 422, body: { code: 'VALIDATION_FAILED', title: '不行' } }))
  await d.sendDraft(fields).catch(() => null)
  serve(() => ({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED', title: '用过了' } }))
  await d.sendDraft(fields).catch(() => null)
  serve(() => ({ status: 201, body: { id: 't1' } }))
  await d.sendDraft(fields)
  const [first, second, third] = keys()
  expect(second).not.toBe(first)
  expect(third).toBe(second)
})

test('only what was filled in is sent, trimmed', async () => {
  const { d, fields } = await typed()
  serve(() => ({ status: 201, body: { id: 't1' } }))
  await d.sendDraft({ ...fields, files: [{ id: 'a1', name: 'x.png', size: 1, media_type: 'image/png', sha256: '' }] })
  expect(sent.find((s) => s.path === '/tickets')?.data).toEqual({ kind: 'fault', title: '打不开', description: '一直转圈', severity: 'major', attachment_ids: ['a1'] })
})

test('typing is written a moment later, leaving writes at once', async () => {
  vi.useFakeTimers()
  const { d, fields } = await typed()
  d.keepDraft({ ...fields, title: '一' })
  d.keepDraft({ ...fields, title: '一二' })
  expect(wx.setStorageSync).not.toHaveBeenCalled()
  vi.advanceTimersByTime(500)
  expect(wx.setStorageSync).toHaveBeenCalledTimes(1)
  expect(stored().fields.title).toBe('一二')
  d.keepDraft({ ...fields, title: '一二三' })
  d.writeDraftNow()
  expect(stored().fields.title).toBe('一二三')
})

test("another person's draft is not shown", async () => {
  store.set('draft:fault', { owner: 'someone-else', key: 'k', fields: { title: '别人的' } })
  const { openDraft } = await load()
  const { fields, restored } = openDraft()
  expect(restored).toBe(false)
  expect(fields.title).toBe('')
})
