import { yuanOf } from '../components/form-fields/fields'
import type { TicketRecord } from '../services/ticket-types'
import { dateWords, timeWords } from './time'

/** The texts and signatures a ticket gathers besides chat: how each type is titled and which of its lines are shown. */
export const decisionWords: Record<string, string> = { accept: '接受', partial: '部分接受', decline: '不接受' }
export const channelWords: Record<string, string> = { phone: '电话', wechat: '微信', meeting: '会议', email: '邮件', visit: '当面' }
export const gradeWords: Record<string, string> = { general: '一般', major: '较大', severe: '重大', critical: '特别重大' }
export const invoiceWords: Record<string, string> = { normal: '普通发票', special: '增值税专用发票' }
export const modeWords: Record<string, string> = { online: '线上', remote: '远程', on_site: '现场' }

type Show = 'text' | 'date' | 'time' | 'yuan' | Record<string, string>

export interface RecordSpec {
  title: string
  icon: string
  /** Numbered versions say which one they are. */
  versioned?: boolean
  lines: readonly { key: string; label: string; show?: Show }[]
  states?: Partial<Record<string, string>>
}

const yes = (a: string, b: string): Record<string, string> => ({ true: a, false: b })

export const recordSpecs: Record<string, RecordSpec> = {
  notice: { title: '变更通知', icon: 'edit-1', versioned: true, lines: [{ key: 'title', label: '' }, { key: 'description', label: '' }, { key: 'wished_on', label: '希望生效', show: 'date' }], states: { signed: '已签发' } },
  contact: { title: '沟通记录', icon: 'call', lines: [{ key: 'channel', label: '方式', show: channelWords }, { key: 'text', label: '' }] },
  reply: {
    title: '书面答复', icon: 'file-paste', versioned: true,
    lines: [{ key: 'decision', label: '结论', show: decisionWords }, { key: 'schedule', label: '进度' }, { key: 'cost', label: '成本' }, { key: 'quality', label: '质量' }],
    states: { draft: '草稿，还不算答复', signed: '等甲方决定', accepted: '甲方同意', refused: '甲方要再议' },
  },
  schedule: { title: '实施安排', icon: 'calendar', lines: [{ key: 'planned_on', label: '日期', show: 'date' }, { key: 'text', label: '' }] },
  acceptance: { title: '提交验收', icon: 'task-checked', lines: [{ key: 'text', label: '' }], states: { proposed: '等甲方验收', accepted: '验收通过', refused: '验收不通过' } },
  remote_session: {
    title: '远程协助', icon: 'desktop',
    lines: [{ key: 'text', label: '申请' }, { key: 'started_at', label: '开始', show: 'time' }, { key: 'ended_at', label: '结束', show: 'time' }, { key: 'result', label: '做了' }],
    states: { proposed: '等报告人同意', granted: '已同意，还没开始', running: '正在进行', refused: '报告人没同意' },
  },
  site_visit: {
    title: '现场支持', icon: 'location',
    lines: [{ key: 'text', label: '要求' }, { key: 'visit_at', label: '约定', show: 'time' }, { key: 'arrived_at', label: '到场', show: 'time' }, { key: 'left_at', label: '离场', show: 'time' }, { key: 'result', label: '结果' }],
    states: { proposed: '等乙方约时间', granted: '已约好', running: '正在现场', done: '等甲方签认', signed: '双方已签' },
  },
  finding: { title: '共同认定', icon: 'verified', lines: [{ key: 'valid', label: '认定', show: yes('是质量问题', '不是质量问题') }, { key: 'text', label: '依据' }], states: { proposed: '等甲方同意', signed: '双方认定' } },
  report: { title: '进度报告', icon: 'chart-line', versioned: true, lines: [{ key: 'text', label: '' }], states: { proposed: '等甲方接收', accepted: '甲方已接收', refused: '甲方退回' } },
  quote: { title: '检测报价', icon: 'money', lines: [{ key: 'amount_cents', label: '金额', show: 'yuan' }, { key: 'text', label: '' }], states: { proposed: '等甲方决定', signed: '甲方同意', refused: '甲方不同意' } },
  inspection_report: { title: '检测报告', icon: 'task-checked', versioned: true, lines: [{ key: 'text', label: '' }], states: { proposed: '等甲方接收', accepted: '甲方已接收', refused: '甲方退回' } },
  invoice: {
    title: '发票', icon: 'wallet',
    lines: [{ key: 'invoice_no', label: '号码' }, { key: 'invoice_type', label: '类型', show: invoiceWords }, { key: 'amount_cents', label: '金额', show: 'yuan' }, { key: 'issued_on', label: '日期', show: 'date' }],
    states: { proposed: '等甲方签收', accepted: '甲方已签收', refused: '甲方退回' },
  },
  incident_notice: { title: '事件通知', icon: 'notification', lines: [{ key: 'text', label: '' }] },
  grade: { title: '定级', icon: 'chart-bar', lines: [{ key: 'grade', label: '级别', show: gradeWords }, { key: 'text', label: '依据' }], states: { proposed: '等甲方同意', signed: '双方同意' } },
  containment: { title: '控制影响', icon: 'secured', lines: [{ key: 'text', label: '' }] },
  report_decision: { title: '上报决定', icon: 'file-paste', lines: [{ key: 'report', label: '决定', show: yes('报告', '不报告') }, { key: 'text', label: '' }] },
  personal_notice_decision: { title: '告知个人的决定', icon: 'user-talk', lines: [{ key: 'notify', label: '决定', show: yes('告知', '不告知') }, { key: 'text', label: '' }] },
  recovery: { title: '恢复情况', icon: 'refresh', lines: [{ key: 'text', label: '' }] },
  review: { title: '复盘', icon: 'file-paste', versioned: true, lines: [{ key: 'text', label: '' }], states: { proposed: '等甲方认可', accepted: '甲方已认可', refused: '甲方退回' } },
}

const common: Record<string, string> = { draft: '草稿', proposed: '等对方确认', granted: '已同意', running: '进行中', done: '已完成', signed: '已签署', accepted: '已认可', refused: '未认可', superseded: '已有新版' }

const plain: RecordSpec = { title: '记录', icon: 'file-paste', lines: [{ key: 'text', label: '' }] }
export const specOf = (type: string): RecordSpec => recordSpecs[type] ?? plain

/** 变更通知 第 2 版 · 检测报价 */
export function recordTitle(r: Pick<TicketRecord, 'type' | 'number'>): string {
  const { title, versioned } = specOf(r.type)
  return versioned ? `${title} 第 ${r.number} 版` : r.number > 1 ? `${title} ${r.number}` : title
}

export const recordState = (r: Pick<TicketRecord, 'type' | 'state'>): string => specOf(r.type).states?.[r.state] ?? common[r.state] ?? ''

export interface RecordLine {
  key: string
  label: string
  value: string
}

function say(value: unknown, show: Show | undefined, now: number): string {
  if (value === null || value === undefined || value === '') return ''
  const plain = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  if (typeof show === 'object') return show[plain] ?? plain
  if (show === 'date') return dateWords(plain)
  if (show === 'time') return timeWords(plain, now)
  return show === 'yuan' ? `¥ ${yuanOf(Number(plain))}` : plain
}

export const recordLines = (r: TicketRecord, now: number): RecordLine[] =>
  specOf(r.type).lines.flatMap(({ key, label, show }) => {
    const value = say(r.body[key], show, now)
    return value ? [{ key, label, value }] : []
  })
