/** Tickets as the server speaks of them. Names are the wire's; the words people read are in words/. */
export const KINDS = ['fault', 'consultation', 'change', 'quality', 'incident', 'report', 'inspection', 'invoice'] as const
export type Kind = (typeof KINDS)[number]

export interface States {
  fault: 'submitted' | 'in_progress' | 'awaiting_client' | 'solution_given' | 'awaiting_confirmation' | 'closed'
  consultation: 'asked' | 'answered' | 'closed'
  change: 'draft' | 'awaiting_issue' | 'issued' | 'assessing' | 'replied' | 'scheduled' | 'implementing' | 'awaiting_acceptance' | 'closed'
  quality: 'proposed' | 'notified' | 'repairing' | 'disputed' | 'repaired' | 'closed'
  incident: 'detected' | 'notified' | 'graded' | 'contained' | 'recovered' | 'reviewed' | 'closed'
  report: 'requested' | 'submitted' | 'closed'
  inspection: 'requested' | 'quoted' | 'inspecting' | 'reported' | 'closed'
  invoice: 'requested' | 'issued' | 'closed'
}
/** How any ticket can end before its time. */
export type Ended = 'withdrawn' | 'merged'
export type State = States[Kind] | Ended
export type Severity = 'critical' | 'major' | 'minor'
export type Scope = 'mine' | 'followed' | 'department' | 'queue' | 'all'

export const ACTIONS = [
  // every kind
  'assign', 'remind', 'merge', 'withdraw', 'link', 'me_too', 'reopen', 'escalate_to_incident',
  // fault
  'accept', 'ask_client', 'supply', 'publish_solution', 'reject_solution', 'mark_repaired', 'confirm', 'fail_verification',
  'set_severity', 'acknowledge_wait', 'reclassify', 'agree_reclassify', 'refuse_reclassify',
  // change
  'edit_notice', 'submit_for_issue', 'return_draft', 'issue', 'waive_lead_time', 'log_contact', 'draft_reply', 'reply', 'approve',
  'reconsider', 'schedule_change', 'start_work', 'submit_for_acceptance', 'accept_change', 'reject_acceptance',
  // consultation
  'answer', 'follow_up', 'close', 'request_remote', 'grant_remote', 'refuse_remote', 'start_remote', 'end_remote', 'request_visit',
  'schedule_visit', 'arrive', 'leave', 'sign_visit',
  // quality
  'confirm_notice', 'acknowledge', 'dispute', 'propose_finding', 'agree_finding', 'pass_verification',
  // report, inspection, invoice
  'submit_report', 'accept_report', 'return_report', 'quote', 'agree_quote', 'decline_quote', 'submit_inspection_report',
  'issue_invoice', 'sign_receipt', 'return_invoice',
  // incident
  'notify_client', 'propose_grade', 'agree_grade', 'contain', 'decide_report', 'decide_personal_notice', 'recover', 'submit_review',
  'accept_review', 'return_review',
] as const
export type Action = (typeof ACTIONS)[number]

export interface PersonRef {
  id: string
  display_name: string
  party: 'client' | 'vendor' | null
  department: string | null
}

export interface Due {
  code: string
  due_at: string
  clause: string
}

export interface Summary {
  id: string
  version: number
  kind: Kind
  number: string
  title: string
  state: State
  /** Of a fault or a quality defect. */
  severity: Severity | null
  reporter: PersonRef
  department: string | null
  assignee: PersonRef | null
  received_at: string
  updated_at: string
  cycle: number
  next_due: Due | null
  rating: number | null
}

export type Verdict = 'running' | 'met' | 'breached' | 'void'

export interface Clock {
  code: string
  cycle: number
  clause: string
  title: string
  obligor: 'client' | 'vendor'
  unit: 'natural_hours' | 'working_hours' | 'working_days' | 'natural_days' | 'instant'
  amount: number
  started_at: string
  due_at: string
  provisional: boolean
  stopped_at: string | null
  verdict: Verdict
  gross_seconds: number
  net_seconds: number
}

export interface TraceLine {
  date: string
  kind: string
  counted: number | string | boolean | null
  note: string
}

export interface Solution {
  id: string
  cycle: number
  number: number
  solution_type: 'fix' | 'workaround' | 'plan'
  text: string
  eta: string | null
  published_at: string
  author: PersonRef
  state: 'open' | 'rejected' | 'confirmed'
  reason: string | null
}

export interface Wait {
  from: string
  to: string | null
  reason: string
  asked_by: PersonRef
  acknowledged_at: string | null
}

export interface Attachment {
  id: string
  name: string
  size: number
  media_type: string
  sha256: string
  width?: number
  height?: number
}

export interface Message {
  id: string
  author: PersonRef
  side: 'client' | 'vendor'
  visibility: 'public' | 'internal'
  body: string
  at: string
  attachments: Attachment[]
}

export interface ListOf<T> {
  items: T[]
  next_cursor: string | null
}

/** A text or a version that belongs to a ticket and is not chat: a notice, a reply, a quote, a report, a decision. */
export interface TicketRecord {
  id: string
  type: string
  number: number
  state: string
  body: Record<string, unknown>
  author: PersonRef
  at: string
  client_signed: Signature | null
  vendor_signed: Signature | null
}

export interface Signature {
  by: PersonRef
  at: string
}

export interface TicketLink {
  id: string
  number: string
  kind: Kind
  state: State
  relation: 'related' | 'incident'
  /** The link was made from the other ticket. */
  backwards: boolean
}

/** One state on the way of this kind. */
export interface ProgressStep {
  state: State
  title: string
  /** The present one and those before it. */
  reached: boolean
}

/** What only some kinds have; null where this one has no such thing. */
export interface Particulars {
  proposed_kind: Kind | null
  /** Closed by silence, not by somebody. */
  implied: boolean
  wished_on: string | null
  earliest_on: string | null
  lead_time_waived: boolean
  decision: string | null
  planned_on: string | null
  mode: 'online' | 'remote' | 'on_site' | null
  proposed_finding: boolean | null
  grade: string | null
  proposed_grade: string | null
  report_decided: boolean
  personal_notice: boolean | null
  /** The notice to persons with the contents of 个人信息保护法 57, to be finished by the client. */
  personal_notice_draft: string | null
  /** While it is open, no key of anything involved is destroyed. */
  evidence_frozen: boolean
  due_at: string | null
  amount_cents: number | null
  invoice_type: string | null
}

export interface Ticket extends Summary {
  description: string
  occurred_at: string | null
  scope: string | null
  steps_tried: string | null
  contact_masked: string | null
  allowed_actions: Action[]
  can: { reply: boolean; internal_note: boolean; reveal: boolean }
  clocks: Clock[]
  solutions: Solution[]
  records: TicketRecord[]
  progress: ProgressStep[]
  particulars: Particulars
  links: TicketLink[]
  /** How many people said 「我也遇到」, and whether the reader is one of them. */
  followers: number
  follows: boolean
  outside_hours: OutsideHours | null
  waits: Wait[]
  messages: ListOf<Message>
  attachments: Attachment[]
  on_behalf: PersonRef | null
  merged_into: { id: string; number: string } | null
  reopen_until: string | null
  remind_after: string | null
  receipt: { number: string; received_at: string; digest: string }
}

/** Support is closed (6.1.2): when it opens, and by when the answer is due all the same. */
export interface OutsideHours {
  opens_at: string
  promised_at: string
}

/** What a report carries besides kind, title and description depends on the kind: see packages/ticket/report/kinds.ts. */
export interface NewTicket {
  kind: Kind
  title: string
  description: string
  attachment_ids?: string[]
  [field: string]: unknown
}

export interface TimelineEvent {
  id: string
  at: string
  actor: PersonRef | null
  side: 'client' | 'vendor' | 'system'
  event: string
  text: string | null
  detail: { from_state?: State; to_state?: State } | null
  ledger: { seq: number | null; hash: string | null } | null
}

export interface Receipt {
  number: string
  received_at: string
  digest: string
  ledger_seq: number | null
  text: string
}

