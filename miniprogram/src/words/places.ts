import { KINDS, type Kind } from '../services/ticket-types'

/** Where a number leads: from duties, breaches and notices alike. */
export interface About {
  kind: string
  id: string
  number: string
}

const AGREEMENT = '/packages/agreement'

const byKind: Record<string, string> = {
  annex_version: 'annex/annex',
  renewal: 'renewal/renewal',
  breach: 'breach/breach',
  requirement_doc: 'milestone/milestone',
  dev_plan: 'milestone/milestone',
  first_report: 'milestone/milestone',
  stage_inspection: 'milestone/milestone',
  delivery: 'delivery/delivery',
  missed_cadence: 'maintenance/maintenance',
  exit: 'exit/exit',
}

/** A notice says `contract_record`; which of them it is stands in the number. */
const byPrefix: Record<string, string> = { XQ: 'requirement_doc', JH: 'dev_plan', JD: 'first_report', CS: 'stage_inspection', JF: 'delivery', QX: 'missed_cadence', DQ: 'exit' }

export const isTicket = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind)

export function placeOf({ kind, id, number }: About): string {
  if (kind === 'course' || kind === 'class') return `/packages/training/${kind}/${kind}?id=${id}`
  if (kind === 'authoring') return `/packages/authoring/course/course?id=${id}`
  if (kind === 'ticket' || isTicket(kind)) return `/packages/ticket/detail/detail?id=${id}`
  const page = byKind[kind === 'contract_record' ? byPrefix[number.slice(0, 2)] ?? '' : kind]
  return page ? `${AGREEMENT}/${page}?id=${id}` : ''
}

const names: Record<string, string> = { requirement_doc: '需求文档', dev_plan: '开发计划', first_report: '首份进度报告', stage_inspection: '阶段检测', delivery: '交付', missed_cadence: '维护', exit: '届满清单' }
export const recordWords = (kind: string): string => names[kind] ?? ''
