import { beforeEach, expect, test } from 'vitest'
import type { Clock, TraceLine } from '../../src/services/tickets'
import { reset } from './fake-wx'

beforeEach(reset)

const at = '2026-09-24T02:00:00.000Z'
const clock = (part: object, trace: TraceLine[]): Clock & { trace: TraceLine[] } =>
  ({ code: 'A3', cycle: 1, clause: '2.2.2', title: '书面答复变更', obligor: 'vendor', unit: 'working_days', amount: 3, started_at: at, due_at: at, provisional: false, stopped_at: null, verdict: 'running', gross_seconds: 10, net_seconds: 10, ...part, trace }) as never

test('each day says what it is and whether it counts; the note loses what stands beside it', async () => {
  const { rowOf } = await import('../../src/packages/ticket/clocks/row')
  const row = rowOf(
    clock({}, [
      { date: '2026-09-24', kind: 'workday', counted: '不计', note: '9月24日 周四 工作日 10:00 收到，当日不计' },
      { date: '2026-09-25', kind: 'holiday', counted: '不计', note: '9月25日 周五 中秋节放假 不计' },
      { date: '2026-09-27', kind: 'make_up', counted: '第1日', note: '9月27日 周日 调休上班 计第1日，18:00 到期' },
    ]),
    0,
  )
  expect(row).toMatchObject({ name: '3 个工作日内书面答复变更', clause: '协议第 2.2.2 条', who: '乙方' })
  expect(row.lines.map(({ kind, counted, skipped, note }) => [kind, counted, skipped, note])).toEqual([
    ['工作日', '不计', true, '10:00 收到，当日不计'],
    ['中秋节', '不计', true, ''],
    ['调休上班', '第1日', false, '计第1日，18:00 到期'],
  ])
})

test('a clause that is no clause of the agreement is named as it is', async () => {
  const { rowOf } = await import('../../src/packages/ticket/clocks/row')
  expect(rowOf(clock({ clause: '附件 P9', obligor: 'client', cycle: 2 }, []), 0)).toMatchObject({ clause: '附件 P9', who: '甲方', name: '3 个工作日内书面答复变更（第 2 轮）' })
})
