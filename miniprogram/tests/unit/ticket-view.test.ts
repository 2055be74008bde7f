import { beforeEach, expect, test, vi } from 'vitest'
import type { Ticket } from '../../src/services/tickets'
import { reset } from './fake-wx'

beforeEach(reset)

const view = () => import('../../src/packages/ticket/detail/view')
const signing = () => import('../../src/packages/ticket/detail/signing')
const soon = new Date(Date.now() + 3_600_000).toISOString()
const past = new Date(Date.now() - 3_600_000).toISOString()
const person = { id: 'p1', display_name: '陈*', party: 'client' as const, department: '财务部' }

const clock = (code: string, due_at: string): object => ({ code, cycle: 1, title: '响应', unit: 'natural_hours', amount: 8, obligor: 'vendor', due_at, stopped_at: null, verdict: 'running' })
const none = { proposed_finding: null, proposed_grade: null, wished_on: null, grade: null, implied: false }
const ticket = (part: object): Ticket =>
  ({
    id: 't1', version: 1, kind: 'fault', number: 'GZ-2026-000001', title: 'x', state: 'submitted', severity: 'major', reporter: person, department: '财务部', assignee: null, received_at: past, cycle: 1,
    description: '', occurred_at: null, scope: null, steps_tried: null, contact_masked: null, allowed_actions: [], can: {}, solutions: [], waits: [], messages: { items: [], next_cursor: null },
    attachments: [], on_behalf: null, merged_into: null, reopen_until: null, remind_after: null, records: [], links: [], progress: [], followers: 0, follows: false, outside_hours: null,
    clocks: [clock('R8', soon)],
    ...part,
    particulars: { ...none, ...(part as { particulars?: object }).particulars },
  }) as unknown as Ticket
const record = (type: string, state: string, body: object, number = 1): object => ({ id: `${type}${number}`, type, state, number, body, author: person, at: past, client_signed: null, vendor_signed: null })

test('each seat reads the same state in its own words', async () => {
  const { sayNext } = await view()
  expect(sayNext(ticket({}), 'client')).toMatch(/^已收到，乙方会在.+ 前回应$/)
  expect(sayNext(ticket({}), 'vendor')).toMatch(/^请在.+ 前受理并回应$/)
  expect(sayNext(ticket({ clocks: [clock('R8', past)] }), 'lead')).toBe('响应已经超时，先回应甲方一句')
  const waiting = ticket({ kind: 'change', state: 'awaiting_issue', clocks: [] })
  expect(sayNext(waiting, 'client')).toBe('等经理签发；签发后乙方开始评估')
  expect(sayNext(waiting, 'manager')).toBe('请看一遍：签发后就是书面通知')
  const assessing = ticket({ kind: 'change', state: 'assessing', clocks: [clock('A3', soon)] })
  expect(sayNext(assessing, 'lead')).toMatch(/^请在.+ 前签发书面答复$/)
})

test('the prominent action is the next sensible one; ending things never is', async () => {
  const { viewOf } = await view()
  expect(viewOf(ticket({ state: 'awaiting_confirmation', allowed_actions: ['withdraw', 'fail_verification', 'confirm', 'remind'] }), 'client', 'p1')).toMatchObject({
    primary: { action: 'confirm' }, second: { action: 'fail_verification' }, rest: [{ action: 'remind' }, { action: 'withdraw' }],
  })
  expect(viewOf(ticket({ allowed_actions: ['withdraw', 'remind'] }), 'client', 'p1')).toMatchObject({ primary: null })
})

test('a change is led step by step: talk first, then draft or sign', async () => {
  const { viewOf } = await view()
  const step = (state: string, seat: 'vendor' | 'lead', allowed_actions: string[]): unknown => viewOf(ticket({ kind: 'change', state, allowed_actions }), seat, 'p9')
  expect(step('issued', 'lead', ['draft_reply', 'log_contact', 'waive_lead_time', 'reclassify'])).toMatchObject({ primary: { action: 'log_contact' } })
  expect(step('assessing', 'vendor', ['draft_reply', 'log_contact'])).toMatchObject({ primary: { action: 'draft_reply' }, second: { action: 'log_contact' } })
  expect(step('assessing', 'lead', ['draft_reply', 'log_contact', 'reply'])).toMatchObject({ primary: { action: 'reply' } })
  expect(step('scheduled', 'lead', ['schedule_change'])).toMatchObject({ primary: { action: 'schedule_change' }, next: '甲方同意了，请排个日子' })
  expect(step('scheduled', 'lead', ['schedule_change', 'start_work'])).toMatchObject({ primary: { action: 'start_work' } })
})

test('a proposal that waits for the other side is not proposed again', async () => {
  const { viewOf } = await view()
  const disputed = { kind: 'quality', state: 'disputed', allowed_actions: ['acknowledge', 'propose_finding', 'assign'] }
  expect(viewOf(ticket(disputed), 'lead', 'p9')).toMatchObject({ primary: { action: 'propose_finding' } })
  expect(viewOf(ticket({ ...disputed, allowed_actions: ['propose_finding', 'assign'], particulars: { proposed_finding: false } }), 'lead', 'p9')).toMatchObject({ primary: null, next: '认定已提出，等甲方同意' })
})

test('a client whose clock ran out is offered the reminder first, unless just used', async () => {
  const { viewOf } = await view()
  const late = { clocks: [clock('R8', past)], allowed_actions: ['withdraw', 'remind'] }
  expect(viewOf(ticket(late), 'client', 'p1')).toMatchObject({ primary: { action: 'remind' } })
  expect(viewOf(ticket({ ...late, remind_after: soon }), 'client', 'p1')).toMatchObject({ primary: null })
})

test('what changed meanwhile is said in words', async () => {
  const { whatChanged } = await view()
  expect(whatChanged(ticket({}), ticket({ state: 'in_progress', assignee: { ...person, id: 'p2', display_name: '周*' } }))).toBe('刚刚有变化：状态变成了「处理中」，负责人换成了 周*')
  expect(whatChanged(ticket({}), ticket({ kind: 'quality', state: 'notified' }))).toBe('刚刚有变化：类型变成了「质量问题」，状态变成了「已通知」')
  expect(whatChanged(ticket({}), ticket({}))).toBe('这张工单刚刚被更新过')
})

test('before a signature stands what is signed: the notice itself, or the newest record it answers', async () => {
  const { signedLines } = await signing()
  const change = ticket({ kind: 'change', title: '增加导出', description: '每月要对账', particulars: { wished_on: '2026-12-04' }, records: [record('reply', 'superseded', { decision: 'decline' }), record('reply', 'signed', { decision: 'partial', schedule: '推迟 2 天', cost: '3 人天', quality: '重测' }, 2)] })
  expect(signedLines('issue', change)).toEqual(['变更通知「增加导出」', '每月要对账', '希望 12月4日 周五 生效'])
  expect(signedLines('approve', change)).toEqual(['书面答复 第 2 版', '结论：部分接受', '进度：推迟 2 天', '成本：3 人天', '质量：重测'])
  expect(signedLines('quote', ticket({ kind: 'inspection' }))).toEqual(['上面写的报价'])
  expect(signedLines('remind', change)).toEqual([])
})

test('a draft of the reply stands in the form that signs it', async () => {
  const { prefillOf } = await signing()
  const drafted = ticket({ kind: 'change', records: [record('reply', 'draft', { schedule: '不变', cost: '0', quality: '不变', decision: 'accept' })] })
  expect(prefillOf('reply', drafted)).toEqual({ schedule: '不变', cost: '0', quality: '不变', decision: 'accept' })
  expect(prefillOf('reply', ticket({ kind: 'change', records: [record('reply', 'signed', { schedule: '旧的' })] }))).toEqual({})
  expect(prefillOf('issue_invoice', ticket({ kind: 'invoice', particulars: { amount_cents: 5_000_000 } }))).toMatchObject({ amount_cents: '50,000.00' })
})

test('a long list of actions is turned page by page', async () => {
  const shown: string[][] = []
  const taps = [5, 2]
  vi.stubGlobal('wx', { showActionSheet: ({ itemList }: { itemList: string[] }) => { shown.push(itemList); return Promise.resolve({ tapIndex: taps.shift() }) } })
  const { choose } = await import('../../src/packages/ticket/detail/menu')
  expect(await choose(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])).toBe(7)
  expect(shown).toEqual([['a', 'b', 'c', 'd', 'e', '更多…'], ['f', 'g', 'h']])
  vi.stubGlobal('wx', { showActionSheet: () => Promise.reject(new Error('cancel')) })
  expect(await choose(['a'])).toBe(-1)
})
