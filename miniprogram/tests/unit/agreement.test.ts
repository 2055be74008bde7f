// The words and tables of the agreement, and the server's own description of itself held against them.
import { beforeEach, expect, test } from 'vitest'
import type { CalendarDay } from '../../src/services/agreement'
import { annexStates, breachEvents, breachStates, dayWords, exitWords, hoursWords, ipWords, itemStates, itemWords, maintenanceResults, maintenanceWords, phaseWords, recordStates, termOf, valueOf, versionLine } from '../../src/words/agreement'
import { placeOf } from '../../src/words/places'
import { dueCodes } from '../../src/words/ticket'
import { monthsOf } from '../../src/packages/agreement/calendar/months'
import { rhythmOf } from '../../src/packages/agreement/maintenance/rhythm'
import { openapi } from './openapi.mjs'
import { reset } from './fake-wx'

beforeEach(reset)

const { schemas } = openapi().components
const words = (schema: string): string[] => [...(schemas[schema]?.enum ?? [])].sort()
const keys = (table: object): string[] => Object.keys(table).sort()

test('every state and code of the server has words', async () => {
  const { ITEMS } = await import('../../src/services/agreement')
  expect(keys(phaseWords)).toEqual(words('Phase'))
  expect(keys(annexStates)).toEqual(words('AnnexState'))
  expect(keys(recordStates)).toEqual(words('ContractRecordState'))
  expect(keys(itemStates)).toEqual(words('ItemState'))
  expect([...ITEMS, ...Object.keys(exitWords)].sort()).toEqual(words('ItemKind'))
  expect(keys(itemWords)).toEqual([...ITEMS].sort())
  expect(keys(ipWords)).toEqual(words('IpLabel'))
  expect(keys(maintenanceWords)).toEqual(words('MaintenanceKind'))
  expect(keys(maintenanceResults)).toEqual(words('MaintenanceResult'))
  expect(keys(breachStates)).toEqual(words('BreachStatus'))
  expect(keys(dayWords)).toEqual(words('DayKind'))
  for (const action of words('BreachAction')) expect(breachEvents[action], action).toBeTruthy()
  for (const kind of words('RecordKind')) expect(placeOf({ kind, id: '1', number: '' }), kind).toMatch(/^\/packages\/agreement\//)
  expect(dueCodes).toContain('M')
})

test('the actions of every page are the ones that the server knows', async () => {
  const { breachForms } = await import('../../src/packages/agreement/breach/forms')
  const { milestoneForms } = await import('../../src/packages/agreement/milestone/forms')
  const { exitForms } = await import('../../src/packages/agreement/exit/forms')
  const { annexForms } = await import('../../src/packages/agreement/annex/forms')
  const { renewalForm, renewalForms, yearsLater } = await import('../../src/packages/agreement/renewal/forms')
  expect(keys(renewalForms)).toEqual(keys(annexForms))
  expect([yearsLater('2026-12-07', 1), yearsLater('2028-02-29', 1), yearsLater('2024-02-29', 4)]).toEqual(['2027-12-07', '2029-02-28', '2028-02-29'])
  // The wheel offers what the server takes: from the day after the end, five years on.
  expect(renewalForm('2026-12-31').fields.find((f) => f.name === 'expires_on')).toMatchObject({ from: '2027-01-01', until: '2031-12-31' })
  expect(keys(breachForms)).toEqual(words('BreachAction'))
  expect(keys(milestoneForms('计划'))).toEqual(words('MilestoneAction'))
  expect(keys(exitForms)).toEqual(words('ExitAction'))
  // A proposal is a version of its own and never an action on one.
  expect(keys(annexForms).concat('propose').sort()).toEqual(words('AnnexAction'))
})

test('the term says how long it lasts, and which of the agreed marks it has passed', () => {
  const noon = Date.parse('2027-08-01T04:00:00Z')
  expect(termOf(null, noon)).toEqual({ text: '验收签署后起算一年', mark: 0 })
  expect(termOf('2027-12-01', noon)).toEqual({ text: '还剩 122 天', mark: 0 })
  expect(termOf('2027-10-30', noon)).toEqual({ text: '还剩 90 天', mark: 90 })
  expect(termOf('2027-08-31', noon).mark).toBe(30)
  expect(termOf('2027-08-08', noon).mark).toBe(7)
  // Late in the evening UTC it is already tomorrow in Beijing.
  expect(termOf('2027-08-02', Date.parse('2027-08-01T17:00:00Z'))).toEqual({ text: '今天届满', mark: 7 })
  expect(termOf('2027-07-31', noon)).toEqual({ text: '已届满 1 天', mark: 0 })
})

test('every form of parameter value becomes words', () => {
  expect(valueOf('P9', '5 working days')).toBe('5 个工作日')
  expect(valueOf('P11', '1 natural hour')).toBe('1 个自然小时')
  expect(valueOf('P9', 'none')).toBe('沉默不视为确认')
  expect(hoursWords('Mon-Fri 09:00-12:00,13:30-18:00; MakeUp 09:00-18:00')).toBe('周一至周五 09:00–12:00、13:30–18:00；调休上班日 09:00–18:00')
  expect(valueOf('P6', { critical: { response: '2 natural hours', solution: '12 natural hours' } })).toBe('严重：2 个自然小时响应、12 个自然小时给方案')
  expect(valueOf('P12', { records_months: 36, logs_months: 6 })).toBe('履约记录 36 个月；网络日志 6 个月')
  expect(valueOf('P13', { monthly_fee_cents: 1_000_000, shares: { R8: '0.5%' }, cap: '10%' })).toBe('月费 ¥10,000.00；R8 每次扣 0.5%；每月最多 10%')
})

test('what is typed into a parameter is what the server reads, and back again', async () => {
  const { asked } = await import('../../src/packages/agreement/parameter/forms')
  const again = (code: string, value: unknown): unknown => asked[code]?.value(asked[code].fill(value as never))
  for (const [code, value] of [
    ['P2', '国务院办公厅'], ['P3', 'none'], ['P4', 'working'], ['P7', 'literal'], ['P8', 'yes'], ['P9', '5 working days'], ['P9', 'none'], ['P10', '14 natural days'], ['P11', '1 natural hour'],
    ['P6', 'none'], ['P6', { critical: { response: '2 natural hours' } }], ['P12', { records_months: 36, logs_months: 6 }], ['P13', 'none'], ['P14', '4 working hours'], ['P15', '10 working days'],
  ] as const) expect(again(code, value), code).toEqual(value)
  expect(asked.P1?.fill('Mon-Fri 09:00-12:00,13:30-18:00')).toEqual({ value: '周一至周五 09:00-12:00,13:30-18:00' })
  expect(asked.P13?.value({ fee: 1_000_000, R8: '0.5', cap: '10%' })).toEqual({ monthly_fee_cents: 1_000_000, shares: { R8: '0.5%' }, cap: '10%' })
  expect(asked.P16?.value({ client: '林敏 经理\n\n', vendor: '' })).toEqual({ client: ['林敏 经理'], vendor: [] })
})

test('a version says whose signature is missing, or since when it counts', () => {
  const v = { state: 'proposed', client_signed: { by: null, at: '' }, vendor_signed: null, changes: [] } as never
  expect(versionLine(v, 0)).toBe('等乙方签署')
  expect(versionLine({ ...(v as object), state: 'signed', effective_from: '2026-11-22T09:01:00Z' } as never, Date.parse('2026-11-22T09:00:00Z'))).toBe('今天 17:01 起生效')
  expect(versionLine({ ...(v as object), state: 'declined', end_reason: '太短' } as never, 0)).toBe('对方没有同意：太短')
})

test('a year is shown in weeks that begin on Monday, with days off and make-up days in words', () => {
  const day = (n: number, kind: CalendarDay['kind'] = 'workday', name: string | null = null): CalendarDay => ({ date: `2026-10-${String(n).padStart(2, '0')}`, kind, name })
  const days = Array.from({ length: 31 }, (_, i) => (i < 7 ? day(i + 1, 'holiday', '国庆节') : i === 9 ? day(10, 'make_up', '国庆节') : day(i + 1)))
  const october = monthsOf(days, '2026-10-02')[9]
  // 1 October 2026 is a Thursday.
  expect(october?.cells.findIndex((c) => c.day === '1')).toBe(3)
  expect(october?.cells[4]).toMatchObject({ day: '2', mark: '假', look: 'holiday', today: true })
  expect(october?.notes).toEqual(['国庆节 放假 1–7 日', '调休上班 10 日'])
})

test('a rhythm of maintenance ends with its day, and only in the maintenance period', () => {
  const now = Date.parse('2026-11-18T00:00:00+08:00')
  const last = '2026-11-16T09:00:00+08:00'
  expect(rhythmOf('backup', last, '2026-11-01', now - 1)).toMatchObject({ overdue: false, due: '最晚 今天 23:59' })
  expect(rhythmOf('backup', last, '2026-11-01', now)).toMatchObject({ overdue: true })
  expect(rhythmOf('backup', null, '2026-11-17', now)).toMatchObject({ overdue: false, last: '还没有记录' })
  expect(rhythmOf('backup', last, null, now)).toMatchObject({ overdue: false, due: '' })
})

test('notices about the agreement lead to its pages', () => {
  expect(placeOf({ kind: 'contract_record', id: '7', number: 'JF-2026-000001' })).toBe('/packages/agreement/delivery/delivery?id=7')
  expect(placeOf({ kind: 'annex_version', id: '7', number: '2027 年日历' })).toBe('/packages/agreement/annex/annex?id=7')
  expect(placeOf({ kind: 'breach', id: '7', number: 'GZ-2026-000001' })).toBe('/packages/agreement/breach/breach?id=7')
  expect(placeOf({ kind: 'fault', id: '7', number: 'GZ-2026-000001' })).toBe('/packages/ticket/detail/detail?id=7')
  expect(placeOf({ kind: 'something_new', id: '7', number: 'XX-1' })).toBe('')
})
