import { call, newKey } from './http'
import type { Attachment, Clock, ListOf, PersonRef, TraceLine, Verdict } from './ticket-types'

/** The agreement as the server speaks of it. Names are the wire's; the words people read are in words/agreement.ts. */
export type Side = 'client' | 'vendor'
export type Phase = 'development' | 'maintenance' | 'expired'
export type Unit = Clock['unit']
export type Value = string | Record<string, unknown>

export interface ParameterValue {
  code: string
  title: string
  /** What it decides, and which law or clause leaves it open. */
  text: string
  value: Value
}

export interface Flaw {
  id: string
  clauses: string[]
  text: string
  parameters: string[]
  options: string[]
  safe_default: string
  in_force: { code: string; value: Value }[]
}

export interface Pending {
  kind: 'parameters' | 'calendar' | 'delivery' | 'renewal'
  id: string
  title: string
  can_sign: boolean
  is_mine: boolean
}

export interface Contract {
  set_up: boolean
  number: string | null
  client: { name: string } | null
  vendor: { name: string } | null
  signed_on: string | null
  delivered_on: string | null
  expires_on: string | null
  phase: Phase
  parameters: { version: number; effective_from: string | null; values: ParameterValue[] }
  /** What waits for a signature or an acceptance, the reader's own first. */
  pending: Pending[]
  flaws: Flaw[]
}

export interface Signature {
  /** `null` for the paper annex, which both sides signed by hand. */
  by: PersonRef | null
  at: string
}

export type AnnexState = 'proposed' | 'signed' | 'declined' | 'withdrawn'
export type AnnexAction = 'sign' | 'decline' | 'withdraw'

export interface MovedDeadline {
  number: string
  code: string
  from: string
  to: string
}

/** A later last day of the term. */
export interface Renewal {
  id: string
  version: number
  state: AnnexState
  number: number | null
  ends_on: string
  expires_on: string
  reason: string | null
  proposed_side: Side
  proposed_by: PersonRef | null
  proposed_at: string
  client_signed: Signature | null
  vendor_signed: Signature | null
  ended: Signature | null
  end_reason: string | null
  allowed_actions: AnnexAction[]
}

interface AnnexHead {
  id: string
  version: number
  state: AnnexState
  number: number | null
  proposed_side: Side | 'system'
  proposed_by: PersonRef | null
  proposed_at: string
  reason: string | null
  client_signed: Signature | null
  vendor_signed: Signature | null
  ended: Signature | null
  end_reason: string | null
  effective_from: string | null
  allowed_actions: AnnexAction[]
  moved: MovedDeadline[]
  moved_total: number
}

export interface ParameterVersion extends AnnexHead {
  asked_from: string | null
  changes: { code: string; title: string; before: Value; after: Value }[]
  people_changed: boolean
}

export type DayKind = 'workday' | 'rest' | 'holiday' | 'make_up'

export interface CalendarDay {
  date: string
  kind: DayKind
  name: string | null
}

export interface CalendarVersion extends AnnexHead {
  year: number
  source: string | null
  differences: { date: string; before: CalendarDay; after: CalendarDay }[]
}

export type AnnexKind = 'parameters' | 'calendar'
export type AnnexVersion = ParameterVersion | CalendarVersion

export interface CalendarYear {
  year: number
  status: 'published' | 'unpublished'
  days: CalendarDay[]
}

/** Late is a breach only of the agreement: a target is none, and a statute binds its own side alone. */
export type Basis = 'agreement' | 'statute' | 'target'

export interface Obligation {
  basis: Basis
  id: string
  code: string
  clause: string
  title: string
  obligor: Side
  unit: Unit
  amount: number
  cycle: number
  round: number
  started_at: string
  due_at: string
  provisional: boolean
  stopped_at: string | null
  voided_at: string | null
  verdict: Verdict
  record: { kind: string; id: string; number: string }
  in_force: number
}

export interface ObligationDetail extends Obligation {
  breach_id: string | null
}

export interface Tally {
  open: number
  overdue: number
  met: number
  breached: number
}

export type BreachStatus = 'asserted' | 'disputed' | 'waived' | 'confirmed' | 'superseded'
export type BreachAction = 'dispute' | 'answer_dispute' | 'waive' | 'confirm'

export interface BreachEvent {
  seq: number
  event: string
  at: string
  actor: PersonRef | null
  side: Side | 'system'
  due_at: string
  ended_at: string | null
  in_force: number
  because: string | null
  text: string | null
}

export interface Breach {
  id: string
  version: number
  status: BreachStatus
  code: string
  clause: string
  title: string
  obligor: Side
  cycle: number
  record: { kind: string; id: string; number: string }
  due_at: string
  ended_at: string | null
  late_seconds: number
  in_force: number
  asserted_at: string
  allowed_actions: BreachAction[]
  history: BreachEvent[]
}

export interface FeeSum {
  lines: { code: string; breaches: number; share: number; amount_cents: number }[]
  sum_cents: number
  deduction_cents: number
  capped: boolean
}

export interface FeePreview {
  month: string
  agreed: boolean
  monthly_fee_cents: number
  cap: number
  confirmed: FeeSum
  with_asserted: FeeSum
}

export type MilestoneKind = 'requirement_doc' | 'dev_plan' | 'first_report' | 'stage_inspection'
export type RecordState = 'open' | 'submitted' | 'returned' | 'accepted'
export type MilestoneAction = 'submit' | 'accept' | 'return' | 'demand'

export interface RecordClock {
  code: string
  clause: string
  obligor: Side
  unit: Unit
  amount: number
  started_at: string
  due_at: string
  provisional: boolean
  stopped_at: string | null
  verdict: Verdict
}

export interface MilestoneVersion {
  number: number
  state: RecordState
  text: string
  digest: string
  attachments: Attachment[]
  author: PersonRef | null
  at: string
  decided: Signature | null
  reason: string | null
}

export interface Milestone {
  id: string
  version: number
  kind: MilestoneKind
  title: string
  number: string
  clause: string
  state: RecordState
  stage: number
  started_at: string
  clock: RecordClock | null
  versions: MilestoneVersion[]
  allowed_actions: MilestoneAction[]
}

export const ITEMS = ['user_manual', 'test_report', 'source_code', 'technical_docs', 'design', 'other'] as const
export type DeliverableKind = (typeof ITEMS)[number]
export type ExitKind = 'revoke_accounts' | 'return_export' | 'destroy_keys' | 'certificate'
export type ItemState = 'open' | 'provided' | 'accepted' | 'rejected'
export type IpLabel = 'client' | 'vendor_licensed' | 'third_party'
export type DeliveryAction = 'accept_item' | 'reject_item' | 'resubmit' | 'sign'
export type ExitAction = 'done' | 'confirm' | 'return'

export interface RecordItem {
  number: number
  /** 1, and one more each time it was provided again. */
  round: number
  item: DeliverableKind | ExitKind
  title: string
  name: string | null
  ip_label: IpLabel | null
  state: ItemState
  attachment: Attachment | null
  sha256: string | null
  note: string | null
  provided: Signature | null
  decided: Signature | null
  reason: string | null
}

export interface Delivery {
  id: string
  version: number
  number: string
  state: RecordState
  submitted_at: string
  /** Every round of every item; the last round of each counts. */
  items: RecordItem[]
  client_signed: Signature | null
  vendor_signed: Signature | null
  allowed_actions: DeliveryAction[]
}

export interface DeliveredItem {
  item: DeliverableKind
  name: string
  ip_label: IpLabel
  attachment_id?: string
  sha256?: string
}

export interface ExitChecklist {
  id: string
  version: number
  number: string
  state: RecordState
  began_at: string
  closed_at: string | null
  items: RecordItem[]
  allowed_actions: ExitAction[]
}

export type MaintenanceKind = 'inspection_round' | 'backup' | 'restore_drill' | 'patch' | 'optimisation' | 'hardening'
export type MaintenanceResult = 'ok' | 'partial' | 'failed'

export interface MaintenanceEntry {
  id: string
  number: string
  kind: MaintenanceKind
  performed_at: string
  result: MaintenanceResult
  restore_minutes: number | null
  data_point: string | null
  note: string
  attachments: Attachment[]
  author: PersonRef | null
  created_at: string
}

interface Versioned {
  id: string
  version: number
}

export const getContract = (): Promise<Contract> => call({ method: 'GET', path: '/contract' })

export interface ObligationFilter {
  side?: Side | ''
  state?: Verdict | 'open' | ''
  limit?: number
  cursor?: string
}

export const listObligations = (filter: ObligationFilter): Promise<ListOf<Obligation>> => call({ method: 'GET', path: '/contract/obligations', query: { ...filter } })

export const getObligation = (id: string): Promise<ObligationDetail> => call({ method: 'GET', path: `/contract/obligations/${id}` })
export const getTallies = (): Promise<Record<Side, Tally>> => call({ method: 'GET', path: '/contract/obligations/summary' })

const annexPath: Record<AnnexKind, string> = { parameters: '/contract/parameters', calendar: '/calendar/imports' }

export const listVersions = <T extends AnnexVersion>(kind: AnnexKind, cursor = ''): Promise<ListOf<T>> => call({ method: 'GET', path: annexPath[kind], query: { limit: 30, cursor } })
export const getVersion = <T extends AnnexVersion>(kind: AnnexKind, id: string): Promise<T> => call({ method: 'GET', path: `${annexPath[kind]}/${id}` })
export const actOnVersion = <T extends AnnexVersion>(kind: AnnexKind, v: Versioned, action: AnnexAction, fields: object): Promise<T> =>
  call({ method: 'POST', path: `${annexPath[kind]}/${v.id}/actions`, body: { action, ...fields }, version: v.version })

interface Moves {
  moved: MovedDeadline[]
  moved_total: number
}

/** What a proposal would do: nothing is stored, signed or told. */
export const previewParameters = (body: { changes: Record<string, Value>; reason: string; effective_from?: string }): Promise<Moves & Pick<ParameterVersion, 'changes' | 'people_changed'>> =>
  call({ method: 'POST', path: annexPath.parameters, body: { ...body, preview: true }, key: newKey() })
export const previewCalendar = (body: { notice_text?: string; year_file?: object; source: string }): Promise<Moves & Pick<CalendarVersion, 'year' | 'differences'>> =>
  call({ method: 'POST', path: annexPath.calendar, body: { ...body, preview: true }, key: newKey() })

/** A proposal is the proposer's signature; nothing changes before the other side signs too. */
export const proposeParameters = (body: { changes: Record<string, Value>; reason: string; effective_from?: string }, key: string): Promise<ParameterVersion> =>
  call({ method: 'POST', path: annexPath.parameters, body, key })
export const importCalendar = (body: { notice_text?: string; year_file?: object; source: string }, key: string): Promise<CalendarVersion> =>
  call({ method: 'POST', path: annexPath.calendar, body, key })

export const listRenewals = (): Promise<ListOf<Renewal>> => call({ method: 'GET', path: '/contract/renewals', query: { limit: 30 } })
export const proposeRenewal = (body: { expires_on: string; reason?: string }, key: string): Promise<Renewal> => call({ method: 'POST', path: '/contract/renewals', body, key })
export const actOnRenewal = (r: Versioned, action: AnnexAction, fields: object): Promise<Renewal> =>
  call({ method: 'POST', path: `/contract/renewals/${r.id}/actions`, body: { action, ...fields }, version: r.version })

export const getYear = (year: number): Promise<CalendarYear> => call({ method: 'GET', path: `/calendar/${year}` })
export const traceOf = (c: { started_at: string; unit: Unit; amount: number }): Promise<{ due_at: string; provisional: boolean; trace: TraceLine[] }> =>
  call({ method: 'POST', path: '/calendar/due', body: { start: c.started_at, unit: c.unit, amount: c.amount } })

export const listBreaches = (filter: { side?: Side | ''; status?: BreachStatus | ''; limit?: number; cursor?: string }): Promise<ListOf<Breach>> =>
  call({ method: 'GET', path: '/contract/breaches', query: { ...filter } })
export const getBreach = (id: string): Promise<Breach> => call({ method: 'GET', path: `/contract/breaches/${id}` })
export const actOnBreach = (b: Versioned, action: BreachAction, fields: object): Promise<Breach> =>
  call({ method: 'POST', path: `/contract/breaches/${b.id}/actions`, body: { action, ...fields }, version: b.version })
export const previewFee = (month: string): Promise<FeePreview> => call({ method: 'GET', path: '/contract/fee-preview', query: { month } })

export const listMilestones = (): Promise<ListOf<Milestone>> => call({ method: 'GET', path: '/contract/milestones' })
export const getMilestone = (id: string): Promise<Milestone> => call({ method: 'GET', path: `/contract/milestones/${id}` })
export const actOnMilestone = (m: Versioned, action: MilestoneAction, fields: object): Promise<Milestone> =>
  call({ method: 'POST', path: `/contract/milestones/${m.id}/actions`, body: { action, ...fields }, version: m.version })
export const beginStage = (stage: number, key: string): Promise<ListOf<Milestone>> => call({ method: 'POST', path: '/contract/stages', body: { stage }, key })

export const listDeliveries = (): Promise<ListOf<Delivery>> => call({ method: 'GET', path: '/contract/deliveries', query: { limit: 20 } })
export const getDelivery = (id: string): Promise<Delivery> => call({ method: 'GET', path: `/contract/deliveries/${id}` })
export const newDelivery = (items: DeliveredItem[], key: string): Promise<Delivery> => call({ method: 'POST', path: '/contract/deliveries', body: { items }, key })
export const actOnDelivery = (d: Versioned, action: DeliveryAction, fields: object): Promise<Delivery> =>
  call({ method: 'POST', path: `/contract/deliveries/${d.id}/actions`, body: { action, ...fields }, version: d.version })

export const listMaintenance = (filter: { kind?: MaintenanceKind | ''; cursor?: string; limit?: number }): Promise<ListOf<MaintenanceEntry>> =>
  call({ method: 'GET', path: '/contract/maintenance', query: { ...filter } })
export const logMaintenance = (body: object, key: string): Promise<MaintenanceEntry> => call({ method: 'POST', path: '/contract/maintenance', body, key })

export const getExit = (): Promise<ExitChecklist> => call({ method: 'GET', path: '/contract/exit' })
export const actOnExit = (e: Versioned, action: ExitAction, fields: object): Promise<ExitChecklist> =>
  call({ method: 'POST', path: '/contract/exit/actions', body: { action, ...fields }, version: e.version })
