import type { Action } from '../services/ticket-types'
import type { Line } from './stages'

export const actionWords: Record<Action, string> = {
  assign: '指派',
  remind: '催一催',
  merge: '合并到另一单',
  withdraw: '撤回',
  link: '关联另一单',
  me_too: '我也遇到',
  reopen: '重新打开',
  escalate_to_incident: '转为安全事件',

  accept: '受理',
  ask_client: '请甲方补充',
  supply: '补充情况',
  publish_solution: '给出方案',
  reject_solution: '方案不行',
  mark_repaired: '已修复',
  confirm: '确认修好了',
  fail_verification: '还没修好',
  set_severity: '改严重程度',
  acknowledge_wait: '认可这段等待',
  reclassify: '改类型',
  agree_reclassify: '同意改类型',
  refuse_reclassify: '不同意改',

  edit_notice: '改通知内容',
  submit_for_issue: '交给经理签发',
  return_draft: '退回修改',
  issue: '签发',
  waive_lead_time: '同意缩短提前期',
  log_contact: '记一次沟通',
  draft_reply: '起草答复',
  reply: '签发答复',
  approve: '同意',
  reconsider: '再议',
  schedule_change: '排期',
  start_work: '开始实施',
  submit_for_acceptance: '提交验收',
  accept_change: '验收通过',
  reject_acceptance: '验收不通过',

  answer: '解答',
  follow_up: '追问',
  close: '解决了',
  request_remote: '申请远程协助',
  grant_remote: '同意远程',
  refuse_remote: '不同意',
  start_remote: '开始远程',
  end_remote: '结束远程',
  request_visit: '申请上门',
  schedule_visit: '约上门时间',
  arrive: '到场',
  leave: '离场并记录',
  sign_visit: '签认上门',

  confirm_notice: '确认并通知',
  acknowledge: '确认问题',
  dispute: '提出异议',
  propose_finding: '提出认定',
  agree_finding: '同意认定',
  pass_verification: '复验通过',

  submit_report: '交报告',
  accept_report: '接收',
  return_report: '退回',
  quote: '报价',
  agree_quote: '同意报价',
  decline_quote: '不检测了',
  submit_inspection_report: '交检测报告',
  issue_invoice: '开出发票',
  sign_receipt: '签收',
  return_invoice: '退回发票',

  notify_client: '正式通知甲方',
  propose_grade: '提出定级',
  agree_grade: '同意定级',
  contain: '已控制影响',
  decide_report: '是否上报',
  decide_personal_notice: '是否告知个人',
  recover: '已恢复',
  submit_review: '交复盘',
  accept_review: '认可复盘',
  return_review: '退回复盘',
}

/** What people mostly want to do next comes first; the first one allowed that is not quiet is put forward. */
export const actionOrder: readonly Action[] = [
  'grant_remote', 'agree_reclassify', 'agree_finding', 'agree_grade', 'sign_visit',
  'confirm', 'pass_verification', 'accept_change', 'accept_report', 'sign_receipt', 'accept_review', 'agree_quote', 'approve', 'issue', 'confirm_notice', 'submit_for_issue', 'close',
  'supply', 'notify_client', 'accept', 'answer', 'end_remote', 'start_remote', 'leave', 'arrive', 'schedule_visit',
  'reply', 'draft_reply', 'start_work', 'schedule_change', 'submit_for_acceptance',
  'submit_report', 'submit_inspection_report', 'quote', 'issue_invoice',
  'propose_grade', 'decide_report', 'contain', 'decide_personal_notice', 'recover', 'submit_review',
  'acknowledge', 'propose_finding', 'mark_repaired', 'publish_solution', 'log_contact',
  'fail_verification', 'reject_acceptance', 'return_report', 'return_invoice', 'return_review', 'decline_quote', 'reconsider', 'return_draft', 'follow_up', 'dispute',
  'refuse_remote', 'refuse_reclassify', 'reject_solution', 'reopen', 'edit_notice', 'acknowledge_wait', 'waive_lead_time', 'ask_client',
  'request_remote', 'request_visit', 'assign', 'remind', 'me_too', 'set_severity', 'reclassify', 'link', 'merge', 'escalate_to_incident', 'withdraw',
]

/** Standing on the other side's move, these are possible but never what we put forward. */
export const quietActions: readonly Action[] = [
  'withdraw', 'merge', 'remind', 'assign', 'reject_solution', 'link', 'me_too', 'escalate_to_incident', 'set_severity', 'reclassify', 'edit_notice',
  'acknowledge_wait', 'waive_lead_time', 'request_remote', 'request_visit', 'dispute', 'follow_up', 'propose_grade',
]

/** The other answer to the same question: shown beside the first. */
export const pairs: Partial<Record<Action, readonly Action[]>> = {
  confirm: ['fail_verification'],
  pass_verification: ['fail_verification'],
  issue: ['return_draft'],
  approve: ['reconsider'],
  accept_change: ['reject_acceptance'],
  grant_remote: ['refuse_remote'],
  agree_reclassify: ['refuse_reclassify'],
  agree_quote: ['decline_quote'],
  accept_report: ['return_report'],
  sign_receipt: ['return_invoice'],
  accept_review: ['return_review'],
  acknowledge: ['dispute'],
  close: ['follow_up'],
  reply: ['log_contact'],
  draft_reply: ['log_contact'],
  answer: ['end_remote', 'start_remote', 'leave', 'arrive', 'schedule_visit'],
  agree_grade: ['decide_report'],
  decide_report: ['decide_personal_notice'],
  propose_grade: ['contain'],
}

/** When this is the step put forward, it says more than the state does. */
export const asks: Partial<Record<Action, Line>> = {
  grant_remote: '乙方想远程看一下，你同意才会开始',
  start_remote: '对方同意了，可以开始远程',
  end_remote: '远程进行中，结束时写一句做了什么',
  schedule_visit: '甲方希望有人到现场，请约个时间',
  arrive: '约好了上门，到了点一下',
  leave: '正在现场，离开前写下结果',
  sign_visit: '乙方来过了，请签认上门记录',
  agree_reclassify: '乙方提议换个类型，请你决定',
  agree_finding: '乙方提出了认定，你同意才算数',
  agree_grade: '乙方提出了级别，你同意才算数',
  reconsider: '乙方没有接受，可以再议，也可以撤回',
  decide_report: ['{N4} 前要决定是否向主管部门报告', '请决定是否向主管部门报告'],
  decide_personal_notice: '请决定是否告知个人；两项决定都有了才能结束',
  schedule_change: '甲方同意了，请排个日子',
}

/** Proposed by the vendor and not answered yet: there is nothing to do but wait. */
export const pendings: Record<'finding' | 'grade', { by: Action; say: string }> = {
  finding: { by: 'propose_finding', say: '认定已提出，等甲方同意' },
  grade: { by: 'propose_grade', say: '定级已提出，等甲方同意' },
}
