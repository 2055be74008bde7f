import type { Action, Clock, Severity, Solution, State } from '../services/tickets'
import type { Role } from '../services/session'

export const stateWords: Record<State, string> = {
  submitted: '已提交',
  in_progress: '处理中',
  awaiting_client: '待甲方补充',
  solution_given: '已给方案',
  awaiting_confirmation: '待确认',
  closed: '已关闭',
  withdrawn: '已撤回',
  merged: '已合并',
}

export const severityWords: Record<Severity, string> = { critical: '严重', major: '一般', minor: '轻微' }

export const severityCards: { value: Severity; title: string; text: string }[] = [
  { value: 'critical', title: '严重', text: '很多人用不了，或数据有风险' },
  { value: 'major', title: '一般', text: '影响我的工作，还能绕过去' },
  { value: 'minor', title: '轻微', text: '有点别扭，不着急' },
]

export const solutionWords: Record<Solution['solution_type'], string> = { fix: '直接修复', workaround: '临时办法', plan: '修复计划' }
export const solutionStateWords: Record<Solution['state'], string> = { open: '等甲方确认', rejected: '甲方未接受', confirmed: '甲方已确认' }

export const roleWords: Record<Role, string> = {
  employee: '甲方员工',
  client_manager: '甲方管理员',
  vendor_agent: '乙方工程师',
  vendor_lead: '乙方负责人',
  auditor: '审计员',
  admin: '平台管理员',
}

/** Words for the clock named in a list, where only its code is known. */
export const dueWords = (code: string): string =>
  ({ R8: '响应', S24: '方案', P: '承诺', Q5: '修复', A3: '答复', W: '解答' })[code] ?? '期限'

const unitWords: Record<Clock['unit'], string> = { natural_hours: '小时', working_hours: '工作小时', working_days: '个工作日', natural_days: '天', instant: '' }

/** 8 小时响应 · 24 小时方案 · 承诺时间 */
export const clockName = (c: Pick<Clock, 'code' | 'title' | 'unit' | 'amount'>): string =>
  c.code === 'P' || c.unit === 'instant' ? '承诺时间' : `${c.amount} ${unitWords[c.unit]}${c.title}`

/** The five steps every fault goes through. */
export const steps = ['提交', '受理', '方案', '修复', '确认']

/** How many of them are behind us. */
export const stepsDone: Record<State, number> = {
  submitted: 1, in_progress: 2, awaiting_client: 2, solution_given: 3, awaiting_confirmation: 4, closed: 5, withdrawn: 1, merged: 1,
}

/** States in which the client has the next move. */
export const clientTurn: readonly State[] = ['awaiting_client', 'solution_given', 'awaiting_confirmation']

export const turnWords: Partial<Record<State, string>> = {
  awaiting_client: '乙方想再了解一点情况',
  solution_given: '方案来了，看看行不行',
  awaiting_confirmation: '修好了吗？请你确认',
}

/** What each side's people mostly want to do next comes first; the first one allowed is the prominent one. */
export const actionOrder: readonly Action[] = [
  'confirm', 'supply', 'accept', 'mark_repaired', 'publish_solution', 'reopen', 'fail_verification', 'reject_solution',
  'ask_client', 'assign', 'remind', 'merge', 'withdraw',
]

export const actionWords: Record<Action, string> = {
  accept: '受理',
  assign: '指派',
  ask_client: '请甲方补充',
  supply: '补充情况',
  publish_solution: '给出方案',
  reject_solution: '方案不行',
  mark_repaired: '已修复',
  confirm: '确认修好了',
  fail_verification: '还没修好',
  reopen: '重新打开',
  withdraw: '撤回',
  merge: '合并到另一单',
  remind: '催一催',
  escalate_to_incident: '转为安全事件',
}

/** Standing on the other side's move, these are possible but never what we put forward. */
export const quietActions: readonly Action[] = ['withdraw', 'merge', 'remind', 'assign', 'reject_solution']
