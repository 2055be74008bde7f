import type { Clock, Kind, Severity, Solution } from '../services/ticket-types'
import type { Role } from '../services/session'

/** Every kind has a word, the prefix of its numbers, and an icon, so that colour is never the only sign. */
export const kindWords: Record<Kind, { word: string; prefix: string; icon: string }> = {
  fault: { word: '故障', prefix: 'GZ', icon: 'tools' },
  consultation: { word: '咨询', prefix: 'ZX', icon: 'chat-bubble-help' },
  change: { word: '变更', prefix: 'BG', icon: 'edit-1' },
  quality: { word: '质量问题', prefix: 'ZL', icon: 'error-circle' },
  incident: { word: '安全事件', prefix: 'AQ', icon: 'error-triangle' },
  report: { word: '进度报告', prefix: 'BB', icon: 'chart-line' },
  inspection: { word: '质量检测', prefix: 'JC', icon: 'task-checked' },
  invoice: { word: '发票', prefix: 'FP', icon: 'wallet' },
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
  client_manager: '甲方经理',
  vendor_agent: '乙方客服',
  vendor_lead: '乙方负责人',
  auditor: '审计员',
  admin: '平台管理员',
  department_viewer: '可看本部门',
}

/** Words for the clock named in a list, where only its code is known. */
const dues: Record<string, string> = {
  R8: '响应', S24: '方案', P: '承诺', Q5: '修复', A3: '答复', W: '解答', I1: '通知', N4: '上报', X: '报告', F: '开票', C: '确认', D15: '需求文档', D30: '首次报告', M: '维护',
}
export const dueWords = (code: string): string => dues[code] ?? '期限'
export const dueCodes = Object.keys(dues)

export const unitWords: Record<Clock['unit'], string> = { natural_hours: '小时', working_hours: '工作小时', working_days: '个工作日', natural_days: '天', instant: '' }

/** 8 小时内响应 · 3 个工作日内书面答复 · 承诺时间 */
export const clockName = (c: Pick<Clock, 'code' | 'title' | 'unit' | 'amount'>): string =>
  c.code === 'P' ? '承诺时间' : c.unit === 'instant' ? c.title : `${c.amount} ${unitWords[c.unit]}内${c.title}`
