import { beforeEach, expect, test } from 'vitest'
import type { Ticket } from '../../src/services/tickets'
import { reset } from './fake-wx'

beforeEach(reset)

const view = () => import('../../src/packages/ticket/detail/view')
const soon = new Date(Date.now() + 3_600_000).toISOString()
const past = new Date(Date.now() - 3_600_000).toISOString()
const person = { id: 'p1', display_name: '陈*', party: 'client' as const, department: '财务部' }

const ticket = (part: object): Ticket =>
  ({
    id: 't1', version: 1, number: 'GZ-2026-000001', title: 'x', state: 'submitted', severity: 'major', reporter: person, department: '财务部', assignee: null, received_at: past, cycle: 1,
    description: '', occurred_at: null, scope: null, steps_tried: null, contact_masked: null, allowed_actions: [], can: {}, solutions: [], waits: [], messages: { items: [], next_cursor: null },
    attachments: [], on_behalf: null, merged_into: null, reopen_until: null, remind_after: null,
    clocks: [{ code: 'R8', cycle: 1, title: '响应', unit: 'natural_hours', amount: 8, due_at: soon, stopped_at: null, verdict: 'running' }],
    ...part,
  }) as unknown as Ticket

test('the two faces read the same state in their own words', async () => {
  const { sayNext } = await view()
  expect(sayNext(ticket({}), 'client')).toMatch(/^已收到，乙方会在.+ 前回应$/)
  expect(sayNext(ticket({}), 'vendor')).toMatch(/^请在.+ 前受理并回应$/)
})

test('the prominent action is the next sensible one; ending things never is', async () => {
  const { viewOf } = await view()
  expect(viewOf(ticket({ state: 'awaiting_confirmation', allowed_actions: ['withdraw', 'fail_verification', 'confirm', 'remind'] }), 'client', 'p1')).toMatchObject({
    primary: { action: 'confirm' }, second: { action: 'fail_verification' }, rest: [{ action: 'remind' }, { action: 'withdraw' }],
  })
  expect(viewOf(ticket({ allowed_actions: ['withdraw', 'remind'] }), 'client', 'p1')).toMatchObject({ primary: null })
})

test('a client whose clock ran out is offered the reminder first, unless just used', async () => {
  const { viewOf } = await view()
  const late = { clocks: [{ code: 'R8', cycle: 1, title: '响应', unit: 'natural_hours', amount: 8, due_at: past, stopped_at: null, verdict: 'breached' }], allowed_actions: ['withdraw', 'remind'] }
  expect(viewOf(ticket(late), 'client', 'p1')).toMatchObject({ primary: { action: 'remind' } })
  expect(viewOf(ticket({ ...late, remind_after: soon }), 'client', 'p1')).toMatchObject({ primary: null })
})

test('what changed meanwhile is said in words', async () => {
  const { whatChanged } = await view()
  expect(whatChanged(ticket({}), ticket({ state: 'in_progress', assignee: { ...person, id: 'p2', display_name: '周*' } }))).toBe('刚刚有变化：状态变成了「处理中」，负责人换成了 周*')
  expect(whatChanged(ticket({}), ticket({}))).toBe('这张工单刚刚被更新过')
})
