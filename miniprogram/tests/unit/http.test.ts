import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reset, sent, serve, signedIn, wx } from './fake-wx'

const http = () => import('../../src/services/http')
const problem = () => import('../../src/services/problem')

beforeEach(() => {
  reset()
  signedIn()
})

afterEach(() => vi.useRealTimers())

test('problem+json becomes a typed error: code, Chinese words, fields', async () => {
  serve(() => ({
    status: 422,
    body: { type: 'x', title: '有内容不合要求', status: 422, detail: '', code: 'VALIDATION_FAILED', request_id: 'r1', errors: [{ field: 'title', code: 'TOO_LONG', message: '标题太长' }] },
  }))
  const { call } = await http()
  const { explain, Problem } = await problem()
  const e: unknown = await call({ method: 'POST', path: '/tickets', body: {} }).catch((x: unknown) => x)

  expect(e).toBeInstanceOf(Problem)
  expect(e).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', title: '有内容不合要求', requestId: 'r1', byField: { title: '标题太长' }, unanswered: false })
  expect(explain(e)).toBe('标题太长')
})

test('an answer that is no problem+json still yields a line a person can read', async () => {
  serve(() => ({ status: 502, body: '<html>Bad Gateway</html>' }))
  const { call } = await http()
  const { explain } = await problem()
  const e: unknown = await call({ method: 'POST', path: '/tickets', body: {} }).catch((x: unknown) => x)
  expect(e).toMatchObject({ code: 'HTTP_502', unanswered: true })
  expect(explain(e)).toBe('服务暂时忙不过来')
})

test('no answer at all counts as unanswered', async () => {
  serve(() => 'lost')
  const { call } = await http()
  await expect(call({ method: 'POST', path: '/tickets', body: {} })).rejects.toMatchObject({ status: 0, code: 'TIMEOUT', unanswered: true })
})

test('a busy server is asked again once, when it said, and only for reading', async () => {
  vi.useFakeTimers()
  serve(() => (sent.length === 1 ? { status: 503, header: { 'Retry-After': '3' }, body: {} } : { status: 200, body: { ok: true } }))
  const { call } = await http()
  const answer = call({ method: 'GET', path: '/tickets' })
  await vi.advanceTimersByTimeAsync(2900)
  expect(sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(200)
  await expect(answer).resolves.toEqual({ ok: true })
  expect(sent).toHaveLength(2)

  sent.length = 0
  serve(() => ({ status: 429, header: { 'retry-after': '1' }, body: { title: '操作有点快', code: 'RATE_LIMITED' } }))
  await expect(call({ method: 'POST', path: '/x', body: {} })).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 })
  expect(sent).toHaveLength(1)
})

test('a long wait is not waited for; the words say when to come back', async () => {
  serve(() => ({ status: 429, header: { 'retry-after': '1500' }, body: { title: '刚催过', code: 'REMIND_TOO_SOON' } }))
  const { call } = await http()
  const { explain } = await problem()
  const e: unknown = await call({ method: 'GET', path: '/x' }).catch((x: unknown) => x)
  expect(explain(e)).toBe('刚催过，请 25 分钟后再试')
  expect(sent).toHaveLength(1)
})

test('key and version travel as headers, queries are encoded and emptied of nothing', async () => {
  serve(() => ({ status: 200 }))
  const { call } = await http()
  await call({ method: 'POST', path: '/a', body: { x: 1 }, key: 'k1', version: 7 })
  await call({ method: 'GET', path: '/b', query: { q: '甲 乙', state: '', cursor: undefined, limit: 5 } })
  expect(sent[0]?.header).toMatchObject({ 'idempotency-key': 'k1', 'if-match': '"7"', authorization: 'Bearer good' })
  expect(sent[1]?.path).toBe(`/b?q=${encodeURIComponent('甲 乙')}&limit=5`)
})

test('missing consent opens its page once, for all callers, and then they go on', async () => {
  let given = false
  serve(() => (given ? { status: 200, body: { ok: true } } : { status: 428, body: { code: 'CONSENT_REQUIRED', title: '需要你的同意' } }))
  const { call } = await http()
  const { settleConsent } = await import('../../src/services/gate')
  const both = Promise.all([call({ method: 'GET', path: '/a' }), call({ method: 'GET', path: '/b' })])
  await vi.waitFor(() => expect(wx.navigateTo).toHaveBeenCalled())
  given = true
  settleConsent(true)
  await expect(both).resolves.toEqual([{ ok: true }, { ok: true }])
  expect(wx.navigateTo).toHaveBeenCalledTimes(1)
})

test('leaving the consent page without it leaves the refusal standing', async () => {
  serve(() => ({ status: 428, body: { code: 'CONSENT_REQUIRED', title: '需要你的同意' } }))
  const { call } = await http()
  const { settleConsent } = await import('../../src/services/gate')
  const refused = expect(call({ method: 'GET', path: '/a' })).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' })
  await vi.waitFor(() => expect(wx.navigateTo).toHaveBeenCalled())
  settleConsent(false)
  await refused
  expect(sent).toHaveLength(1)

  // The page below is shown again and loads again: it must not be a trap.
  await expect(call({ method: 'GET', path: '/a' })).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' })
  expect(wx.navigateTo).toHaveBeenCalledTimes(1)
})

test('somebody not bound is led to the binding page', async () => {
  serve(() => ({ status: 403, body: { code: 'NOT_BOUND', title: '请先绑定身份' } }))
  const { call } = await http()
  await expect(call({ method: 'GET', path: '/tickets' })).rejects.toMatchObject({ code: 'NOT_BOUND' })
  expect(wx.reLaunch).toHaveBeenCalledWith({ url: '/packages/account/binding/binding' })
})
