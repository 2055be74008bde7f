import { yuanOf } from '../components/form-fields/fields'
import type {
  AnnexState, AnnexVersion, BreachStatus, CalendarVersion, DayKind, DeliverableKind, ExitKind, IpLabel, ItemState, MaintenanceKind, MaintenanceResult, MovedDeadline, Phase, RecordState, Side, Signature, Value,
} from '../services/agreement'
import { dueWords } from './ticket'
import { dateWords, timeWords } from './time'

/** Words of the agreement. A tone is never the only sign: it goes with a word and an icon. */
export type Tone = 'brand' | 'warn' | 'good' | 'quiet'
export interface Word {
  text: string
  tone: Tone
  icon: string
}

const word = (text: string, tone: Tone, icon: string): Word => ({ text, tone, icon })

export const sideWords: Record<Side, string> = { client: '甲方', vendor: '乙方' }
export const other = (side: Side): Side => (side === 'client' ? 'vendor' : 'client')

export const phaseWords: Record<Phase, Word> = {
  development: word('开发期', 'brand', 'edit-1'),
  maintenance: word('维护期', 'good', 'tools'),
  expired: word('已届满', 'quiet', 'stop-circle'),
}

export const annexStates: Record<AnnexState, Word> = {
  proposed: word('待签署', 'warn', 'edit-1'),
  signed: word('双方已签', 'good', 'verified'),
  declined: word('未同意', 'quiet', 'close-circle'),
  withdrawn: word('已撤回', 'quiet', 'rollback'),
}

export const recordStates: Record<RecordState, Word> = {
  open: word('未提交', 'brand', 'time'),
  submitted: word('待对方确认', 'warn', 'hourglass'),
  returned: word('已退回', 'warn', 'rollback'),
  accepted: word('已确认', 'good', 'check-circle'),
}

export const itemStates: Record<ItemState, Word> = {
  open: word('待办', 'brand', 'time'),
  provided: word('待甲方确认', 'warn', 'hourglass'),
  accepted: word('已通过', 'good', 'check-circle'),
  rejected: word('已退回', 'warn', 'rollback'),
}

export const breachStates: Record<BreachStatus, Word> = {
  asserted: word('系统认定', 'warn', 'error-circle'),
  disputed: word('有申辩', 'warn', 'chat-bubble-help'),
  waived: word('已豁免', 'good', 'check-circle'),
  confirmed: word('已确认', 'quiet', 'verified'),
  superseded: word('已撤销', 'quiet', 'rollback'),
}

/** What stands in the history of a breach. */
export const breachEvents: Record<string, string> = {
  asserted: '系统按时刻认定超时', corrected: '系统更正了时刻', superseded: '系统撤销了这一认定',
  dispute: '提出申辩', answer_dispute: '答复申辩', waive: '豁免', confirm: '确认超时',
}

export const becauseWords: Record<string, string> = {
  calendar_or_parameters_reissued: '日历或附件参数有了新版', joint_finding: '双方另有认定', derived_again: '按完整记录重新推算',
}

export const dayWords: Record<DayKind, { word: string; mark: string }> = {
  workday: { word: '工作日', mark: '' },
  rest: { word: '休息', mark: '休' },
  holiday: { word: '放假', mark: '假' },
  make_up: { word: '调休上班', mark: '班' },
}

export const itemWords: Record<DeliverableKind, { title: string; text: string }> = {
  user_manual: { title: '使用手册', text: '3.3.2 写明必须有' },
  test_report: { title: '测试报告', text: '3.3.2 写明必须有' },
  source_code: { title: '源代码', text: '3.3.2 的留白项，默认列入' },
  technical_docs: { title: '技术文档', text: '3.3.2 的留白项，默认列入' },
  design: { title: '设计稿', text: '' },
  other: { title: '其他', text: '' },
}

export const exitWords: Record<ExitKind, { title: string; text: string }> = {
  revoke_accounts: { title: '停用账号与密钥', text: '乙方交回或停用一切账号、密钥（5.2.3）' },
  return_export: { title: '返还数据', text: '把甲方的数据完整导出交还（个人信息保护法 21）' },
  destroy_keys: { title: '销毁数据', text: '销毁密钥，使留存的个人信息不可读' },
  certificate: { title: '销毁证明', text: '写明销毁了什么、何时、由谁' },
}

export const ipWords: Record<IpLabel, { title: string; text: string }> = {
  client: { title: '甲方所有', text: '协议 5.2.1' },
  vendor_licensed: { title: '乙方所有，许可甲方使用', text: '协议 5.2.2' },
  third_party: { title: '第三方许可', text: '开源或买来的，按它的许可' },
}

/** `days`: the rhythm in which it must happen again; 0 for none. */
export const maintenanceWords: Record<MaintenanceKind, { title: string; text: string; icon: string; days: number }> = {
  backup: { title: '备份', text: '每天', icon: 'server', days: 1 },
  inspection_round: { title: '巡检', text: '每周', icon: 'task-checked', days: 7 },
  patch: { title: '补丁升级', text: '每月', icon: 'upload', days: 31 },
  restore_drill: { title: '恢复演练', text: '每季度', icon: 'refresh', days: 92 },
  optimisation: { title: '优化', text: '按需', icon: 'chart-line', days: 0 },
  hardening: { title: '安全加固', text: '按需', icon: 'secured', days: 0 },
}

export const maintenanceResults: Record<MaintenanceResult, Word> = {
  ok: word('正常', 'good', 'check-circle'),
  partial: word('部分完成', 'warn', 'error-circle'),
  failed: word('失败', 'warn', 'close-circle'),
}

/** Days left of the term, and which of the agreed marks it has passed (1.3: 90, 30, 7 days). */
export interface Term {
  text: string
  mark: 0 | 90 | 30 | 7
}

const DAY = 86_400_000
const OFFSET = 8 * 3_600_000
const dayOf = (ms: number): number => Math.floor((ms + OFFSET) / DAY)

export function termOf(expiresOn: string | null, now: number): Term {
  if (!expiresOn) return { text: '验收签署后起算一年', mark: 0 }
  const left = Math.round(Date.parse(`${expiresOn}T00:00:00Z`) / DAY) - dayOf(now)
  if (left < 0) return { text: `已届满 ${-left} 天`, mark: 0 }
  const mark = ([7, 30, 90] as const).find((m) => left <= m) ?? 0
  return { text: left ? `还剩 ${left} 天` : '今天届满', mark }
}

/** 2026-11-22 as 2026年11月22日 */
export function longDate(date: string): string {
  const [y, m, d] = date.split('-').map(Number)
  return y && m && d ? `${y}年${m}月${d}日` : date
}

const unitWords: Record<string, string> = {
  'natural hour': '个自然小时', 'working hour': '个工作小时', 'working day': '个工作日', 'natural day': '个自然日',
}

/** `5 working days` as 5 个工作日 */
export const amountWords = (text: string): string =>
  text.replace(/^(\d+) (natural|working) (hour|day)s?$/, (_, n: string, a: string, b: string) => `${n} ${unitWords[`${a} ${b}`] ?? ''}`)

const weekdays: readonly [string, string][] = [['Mon', '周一'], ['Tue', '周二'], ['Wed', '周三'], ['Thu', '周四'], ['Fri', '周五'], ['Sat', '周六'], ['Sun', '周日'], ['MakeUp', '调休上班日']]

/** `Mon-Fri 09:00-12:00,13:30-18:00` as 周一至周五 09:00–12:00、13:30–18:00 */
export const hoursWords = (text: string): string =>
  weekdays
    .reduce((said, [en, zh]) => said.replace(new RegExp(en, 'g'), zh), text)
    .replace(/(周.)-(周.)/g, '$1至$2')
    .replace(/(\d)-(\d)/g, '$1–$2')
    .replace(/,\s*/g, '、')
    .replace(/;\s*/g, '；')

/** What a word of a parameter means, for those that are words. */
export const valueWords: Record<string, Record<string, string>> = {
  P1: { none: '没有约定工作时间，按日计的到 24:00' },
  P3: { none: '等待不影响时限', informational: '只作说明，净用时扣除认可的等待', deduct_if_acknowledged: '甲方认可的等待从时限中扣除' },
  P4: { natural: '自然小时，昼夜连续', working: '工作小时' },
  P5: { human_public_answer: '乙方的人、报告人看得到的答复' },
  P6: { none: '没有更紧的时限' },
  P7: { literal: '到达之日就是收到之日', deemed_next: '视为下一个工作日收到' },
  P8: { yes: '周末也顺延', no: '周末不顺延' },
  P9: { none: '沉默不视为确认' },
  P13: { none: '没有约定扣费' },
  P16: { none: '没有指定' },
}

export const severities: Record<string, string> = { critical: '严重', major: '一般', minor: '轻微' }

const lined = (value: Record<string, unknown>, say: (k: string, v: unknown) => string): string => Object.entries(value).map(([k, v]) => say(k, v)).join('；')
const plain = (v: unknown): string => (typeof v === 'string' || typeof v === 'number' ? String(v) : '')

function tighter(name: string, v: unknown): string {
  const t = (v ?? {}) as { response?: string; solution?: string }
  const parts = [t.response ? `${amountWords(t.response)}响应` : '', t.solution ? `${amountWords(t.solution)}给方案` : ''].filter(Boolean)
  return `${severities[name] ?? name}：${parts.join('、')}`
}

/** A parameter's value as a sentence part. */
export function valueOf(code: string, value: Value | null | undefined): string {
  if (value === null || value === undefined) return '没有'
  if (typeof value === 'string') {
    const known = valueWords[code]?.[value]
    if (known) return known
    return code === 'P1' ? hoursWords(value) : amountWords(value)
  }
  if (code === 'P6') return lined(value, tighter)
  if (code === 'P12') return `履约记录 ${plain(value.records_months)} 个月；网络日志 ${plain(value.logs_months)} 个月`
  if (code === 'P13') {
    const shares = (value.shares ?? {}) as Record<string, string>
    return `月费 ¥${yuanOf(Number(value.monthly_fee_cents))}；${lined(shares, (k, v) => `${k} 每次扣 ${plain(v)}`)}；每月最多 ${plain(value.cap)}`
  }
  if (code === 'P11') return amountWords(`${plain(value.hours)} natural hours`)
  return lined(value, (k, v) => `${k} ${plain(v)}`)
}

export const isCalendar = (v: AnnexVersion): v is CalendarVersion => 'year' in v

/** 附件参数第 3 版 · 附件参数新提议 · 2027 年日历 */
export const versionTitle = (v: AnnexVersion): string => (isCalendar(v) ? `${v.year} 年日历` : v.number ? `附件参数第 ${v.number} 版` : '附件参数新提议')

/** Whose signature is missing, or since when it counts. */
export function versionLine(v: AnnexVersion, now: number): string {
  if (v.state === 'declined') return `对方没有同意${v.end_reason ? `：${v.end_reason}` : ''}`
  if (v.state === 'withdrawn') return '提出的一方撤回了'
  if (v.state === 'signed') return v.effective_from ? `${timeWords(v.effective_from, now)} 起生效` : ''
  const missing = [v.client_signed ? '' : '甲方', v.vendor_signed ? '' : '乙方'].filter(Boolean)
  return `等${missing.join('、')}签署`
}

const NAMED = 3

/** Which running deadlines would move: the first few by name. */
export function movedWords({ moved, moved_total }: { moved: MovedDeadline[]; moved_total: number }, now: number): string {
  if (!moved_total) return '正在走的时限都不变。'
  const lines = moved.slice(0, NAMED).map((m) => `${m.number} ${dueWords(m.code)}：${timeWords(m.from, now)} → ${timeWords(m.to, now)}`)
  return [`会移动 ${moved_total} 个到期时间：`, ...lines, ...(moved_total > lines.length ? ['……'] : [])].join('\n')
}

/** Whether and when a side has signed. */
export interface Signed {
  side: string
  text: string
  done: boolean
}

export const signedBy = (side: Side, s: Signature | null, now: number): Signed => ({
  side: sideWords[side],
  text: s ? `${s.by ? s.by.display_name : '纸质附件'} 签于 ${timeWords(s.at, now)}` : '还没签',
  done: s !== null,
})

/** 2026-11 as 2026年11月 */
export const monthWords = (month: string): string => month.replace(/^(\d{4})-0?(\d+)$/, '$1年$2月')

/** Hundredths of a percent as 0.5% */
export const shareWords = (hundredths: number): string => `${hundredths / 100}%`

export const dayLine = (d: { date: string; kind: DayKind; name: string | null }): string => `${dateWords(d.date)} ${[d.name, dayWords[d.kind].word].filter(Boolean).join(' ')}`
