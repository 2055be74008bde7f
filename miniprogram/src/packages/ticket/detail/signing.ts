import type { FormName } from '../../../components/action-form/forms'
import { yuanOf, type Values } from '../../../components/form-fields/fields'
import { now } from '../../../services/server-time'
import type { Ticket, TicketRecord } from '../../../services/tickets'
import { recordLines, recordTitle } from '../../../words/records'
import { dateWords, exactWords } from '../../../words/time'

/** Before a signature: what exactly is signed. Before an edit: what stands there now. */

/** The record an answer is about; of several, the newest. */
const about: Partial<Record<FormName, readonly string[]>> = {
  approve: ['reply'], reply: ['notice'], accept_change: ['acceptance'], agree_finding: ['finding'], agree_quote: ['quote'], agree_grade: ['grade'],
  accept_report: ['report', 'inspection_report'], sign_receipt: ['invoice'], accept_review: ['review'], sign_visit: ['site_visit'], grant_remote: ['remote_session'],
}

/** What the signer has just written in the form above. */
const written: Partial<Record<FormName, string>> = {
  propose_finding: '上面写的认定', submit_report: '上面写的进度报告', quote: '上面写的报价', submit_inspection_report: '上面写的检测报告', issue_invoice: '上面这张发票的交付',
  notify_client: '上面写的事件通知', decide_report: '上面的决定', decide_personal_notice: '上面的决定', submit_review: '上面写的复盘', leave: '上面写的上门记录', waive_lead_time: '同意这一次缩短提前期',
}

const SHORT = 60
const cut = (text: string): string => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text)

export const latest = (t: Ticket, types: readonly string[]): TicketRecord | undefined =>
  [...t.records].reverse().find((r) => types.includes(r.type) && r.state !== 'superseded')

export function signedLines(name: FormName, t: Ticket): string[] {
  const wished = t.particulars.wished_on ? [`希望 ${dateWords(t.particulars.wished_on)} 生效`] : []
  if (name === 'issue') return [`变更通知「${t.title}」`, cut(t.description), ...wished]
  if (name === 'confirm_notice') return [`质量通知「${t.title}」`, cut(t.description)]
  const record = latest(t, about[name] ?? [])
  if (record && name === 'reply') return [`上面写的书面答复，针对${recordTitle(record)}`]
  if (record) return [recordTitle(record), ...recordLines(record, now()).map((l) => cut(l.label ? `${l.label}：${l.value}` : l.value))]
  const own = written[name] ?? (name === 'reply' ? '上面写的书面答复' : '')
  return own ? [own] : []
}

const textOf = (v: unknown): string => (typeof v === 'string' ? v : '')

export function prefillOf(name: FormName, t: Ticket): Values {
  if (name === 'edit_notice') return { title: t.title, description: t.description, wished_on: t.particulars.wished_on ?? '' }
  if (name === 'set_severity') return { severity: t.severity ?? 'major' }
  if (name === 'issue_invoice') return { amount_cents: t.particulars.amount_cents ? yuanOf(t.particulars.amount_cents) : '', issued_on: exactWords(new Date(now()).toISOString()).slice(0, 10) }
  if (name === 'decide_personal_notice') return { text: t.particulars.personal_notice_draft ?? '' }
  if (name !== 'reply' && name !== 'draft_reply') return {}
  const draft = latest(t, ['reply'])
  if (draft?.state !== 'draft') return {}
  return Object.fromEntries(['schedule', 'cost', 'quality', 'decision'].map((k) => [k, textOf(draft.body[k])]))
}
