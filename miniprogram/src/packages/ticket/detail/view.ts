import type { Seat } from '../../../services/face'
import { now } from '../../../services/server-time'
import type { Action, Attachment, Clock, Ticket, TicketLink, TicketRecord } from '../../../services/tickets'
import { actionOrder, actionWords, asks, pairs, pendings, quietActions } from '../../../words/actions'
import { gradeWords, invoiceWords, modeWords } from '../../../words/records'
import { stageOf, stateWord, type Line } from '../../../words/stages'
import { clockName, kindWords, severityWords } from '../../../words/ticket'
import { dateWords, timeWords } from '../../../words/time'
import { yuanOf } from '../../../components/form-fields/fields'

const isVendor = (seat: Seat): boolean => seat === 'vendor' || seat === 'lead'

/** The deadline of a clock that still runs in this cycle, in words; empty once it is past or gone. */
function dueOf(t: Ticket, code: string): string {
  const c = t.clocks.find((x) => x.code === code && x.cycle === t.cycle && !x.stopped_at && x.verdict !== 'void')
  return c && Date.parse(c.due_at) > now() ? timeWords(c.due_at, now()) : ''
}

function fill(line: Line, t: Ticket): string {
  const [timely, otherwise] = typeof line === 'string' ? [line, line] : line
  const code = /\{([A-Z]\d*)\}/.exec(timely)?.[1]
  const due = code ? dueOf(t, code) : ''
  const said = code && !due ? otherwise : timely
  return said.replace(/\{[A-Z]\d*\}/, due).replace('{who}', t.assignee?.display_name ?? '乙方')
}

/** One sentence: where things stand and who moves next. */
export function sayNext(t: Ticket, seat: Seat, lead?: Action): string {
  if (t.state === 'closed' && t.reopen_until && Date.parse(t.reopen_until) > now()) return `已关闭，${timeWords(t.reopen_until, now())} 前还能重新打开`
  if (t.state === 'closed' && t.particulars.implied) return '到期没有答复，按约定默示确认'
  if (t.state === 'merged' && t.merged_into) return `已并入 ${t.merged_into.number}，进展看那一单`
  const ask = lead && asks[lead]
  if (ask) return fill(ask, t)
  const pending = isVendor(seat) && pendingOf(t)
  if (pending) return pending.say
  const stage = stageOf(t.kind, t.state)
  const line = seat === 'manager' ? stage.manager ?? stage.client : seat === 'lead' ? stage.lead ?? stage.vendor : stage[seat]
  return fill(line, t)
}

/** What the vendor has proposed and the client has not answered. */
function pendingOf(t: Ticket): (typeof pendings)['finding'] | undefined {
  if (t.particulars.proposed_finding !== null) return pendings.finding
  return t.particulars.proposed_grade === null ? undefined : pendings.grade
}

export interface Button {
  action: Action
  text: string
}

const buttonOf = (action: Action): Button => ({ action, text: actionWords[action] })

/** What is put forward, what stands beside it, and what waits behind 更多. */
function buttonsOf(t: Ticket, seat: Seat): { lead?: Action; second?: Action; rest: Action[] } {
  const at = now()
  const allowed = actionOrder.filter((a) => t.allowed_actions.includes(a))
  // A client whose clock has run out has one sensible move left: to ask where it is.
  const late = !isVendor(seat) && t.clocks.some((c) => c.obligor === 'vendor' && !c.stopped_at && c.verdict !== 'void' && Date.parse(c.due_at) < at)
  const mayRemind = late && !(t.remind_after && Date.parse(t.remind_after) > at)
  const waits = pendingOf(t)?.by
  const loud = (a: Action): boolean => a !== waits && (!quietActions.includes(a) || (a === 'remind' && mayRemind))
  const first = (stageOf(t.kind, t.state).first ?? []).find((a) => allowed.includes(a) && a !== waits)
  const lead = first ?? allowed.find(loud)
  const second = lead && pairs[lead]?.find((a) => allowed.includes(a))
  return { lead, second, rest: allowed.filter((a) => a !== lead && a !== second) }
}

type ClockLine = Clock & { key: string; name: string; due: string; who: string; old: boolean }
type LinkLine = TicketLink & { label: string; word: string }
export type RecordView = TicketRecord & { files: Attachment[] }

/** The facts of the report, in the words of its kind; whatever was not said is left out. */
function factsOf(t: Ticket, at: number): { name: string; value: string }[] {
  const p = t.particulars
  return [
    { name: '程度', value: t.severity ? severityWords[t.severity] : '' },
    { name: '级别', value: p.grade ? gradeWords[p.grade] ?? '' : '' },
    { name: '方式', value: p.mode ? modeWords[p.mode] ?? '' : '' },
    { name: '希望', value: p.wished_on ? `${dateWords(p.wished_on)} 生效${p.lead_time_waived ? '（乙方同意缩短提前期）' : ''}` : '' },
    { name: '排期', value: p.planned_on ? dateWords(p.planned_on) : '' },
    { name: '期限', value: p.due_at ? timeWords(p.due_at, at) : '' },
    { name: '金额', value: p.amount_cents ? `¥ ${yuanOf(p.amount_cents)}` : '' },
    { name: '类型', value: p.invoice_type ? invoiceWords[p.invoice_type] ?? '' : '' },
    { name: '范围', value: t.scope ?? '' },
    { name: '发生', value: t.occurred_at ? timeWords(t.occurred_at, at) : '' },
    { name: '试过', value: t.steps_tried ?? '' },
    { name: '联系', value: t.contact_masked ?? '' },
  ].filter((f) => f.value)
}

const fileIds = (r: TicketRecord): string[] => (Array.isArray(r.body.attachment_ids) ? (r.body.attachment_ids as string[]) : [])

/** How two tickets belong together, seen from the one that is open. */
const relationOf = (l: TicketLink): string => (l.relation === 'related' ? '相关' : l.backwards ? '来自' : '升级为')

/** A clock that fell away because the same one was started anew: it is explained with the others, but says nothing here. */
const replaced = (c: Clock, i: number, all: readonly Clock[]): boolean => c.verdict === 'void' && all.slice(i + 1).some((x) => x.code === c.code)

/** Everything the page shows that is not in the ticket as it came. */
export function viewOf(t: Ticket, seat: Seat, myId: string): object {
  const at = now()
  const { lead, second, rest } = buttonsOf(t, seat)
  const wait = t.waits.find((w) => !w.to)
  const clocks = t.clocks.map((c, i): ClockLine => ({ ...c, key: `${c.code}-${c.cycle}-${i}`, name: clockName(c), due: timeWords(c.due_at, at), who: c.obligor === 'client' ? '甲方' : '', old: c.cycle < t.cycle || replaced(c, i, t.clocks) }))
  const outside = t.outside_hours
  const papers = t.records.map((r): RecordView => ({ ...r, files: t.attachments.filter((a) => fileIds(r).includes(a.id)) }))
  return {
    ticket: t,
    kind: kindWords[t.kind],
    next: sayNext(t, seat, lead),
    myTurn: lead !== undefined && lead !== 'remind' && lead !== 'reopen',
    people: [
      { name: t.kind === 'fault' || t.kind === 'incident' ? '报告人' : '提出人', value: [t.reporter.id === myId ? '我' : t.reporter.display_name, t.department].filter(Boolean).join(' · ') },
      ...(t.on_behalf ? [{ name: '代填', value: t.on_behalf.display_name }] : []),
      { name: '负责人', value: t.assignee ? (t.assignee.id === myId ? '我' : t.assignee.display_name) : '还没分派' },
      { name: '收到', value: timeWords(t.received_at, at) },
    ],
    facts: factsOf(t, at),
    clocks: clocks.filter((c) => !c.old),
    oldClocks: clocks.some((c) => c.old),
    wait: wait ? { reason: wait.reason, by: `${wait.asked_by.display_name} 问于 ${timeWords(wait.from, at)}` } : null,
    outside: outside ? `现在是非工作时间，最晚${timeWords(outside.promised_at, at)} 回复` : '',
    records: papers.filter((r) => r.state !== 'superseded'),
    oldRecords: papers.filter((r) => r.state === 'superseded'),
    files: t.attachments.filter((a) => !t.records.some((r) => fileIds(r).includes(a.id))),
    links: t.links.map((l): LinkLine => ({ ...l, label: `${relationOf(l)}${kindWords[l.kind].word}`, word: stateWord(l.kind, l.state) })),
    primary: lead ? buttonOf(lead) : null,
    second: second ? buttonOf(second) : null,
    rest: rest.map(buttonOf),
    canFollow: t.allowed_actions.includes('me_too'),
    messages: t.messages.items,
    messageCursor: t.messages.next_cursor ?? '',
    remindAt: t.remind_after && Date.parse(t.remind_after) > at ? timeWords(t.remind_after, at) : '',
  }
}

/** What someone else did meanwhile, in words. */
export function whatChanged(before: Ticket, after: Ticket): string {
  const parts = [
    before.kind === after.kind ? '' : `类型变成了「${kindWords[after.kind].word}」`,
    before.state === after.state ? '' : `状态变成了「${stateWord(after.kind, after.state)}」`,
    before.assignee?.id === after.assignee?.id ? '' : `负责人换成了 ${after.assignee?.display_name ?? '无人'}`,
    after.messages.items.length > before.messages.items.length ? '多了新消息' : '',
    after.solutions.length > before.solutions.length ? '有了新方案' : '',
    after.records.length > before.records.length ? '多了一份文书' : '',
  ].filter(Boolean)
  return parts.length ? `刚刚有变化：${parts.join('，')}` : '这张工单刚刚被更新过'
}
