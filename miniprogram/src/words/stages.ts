import type { Action, Ended, Kind, State, States } from '../services/ticket-types'

/** Where each kind of ticket can stand: its word, how it looks, and who moves next, said to each who reads it. */

/** With a second text, `{R8}` stands for that clock's deadline, and the second is said once the deadline is past or gone. */
export type Line = string | readonly [timely: string, otherwise: string]

export type Turn = 'reporter' | 'manager' | 'vendor' | 'lead' | 'none'

export interface Stage {
  word: string
  /** On the step bar, where nine of them stand in a row; a state beside the way has none. */
  step?: string
  tone: 'brand' | 'warn' | 'good' | 'quiet'
  icon: string
  /** Who has the move; `reporter` includes the client's managers, `vendor` the leads. */
  turn: Turn
  client: Line
  manager?: Line
  vendor: Line
  lead?: Line
  /** What to put forward here, where the usual order would be wrong; even a step that is quiet elsewhere. */
  first?: readonly Action[]
  /** On a card: what is asked of the reader whose turn it is. */
  ask?: string
}

const closed: Stage = { word: '已关闭', step: '关闭', tone: 'good', icon: 'check-double', turn: 'none', client: '已关闭', vendor: '已关闭' }

const ended: Record<Ended, Stage> = {
  withdrawn: { word: '已撤回', step: '撤回', tone: 'quiet', icon: 'rollback', turn: 'none', client: '已撤回，记录留着', vendor: '甲方撤回了，记录留着' },
  merged: { word: '已合并', step: '合并', tone: 'quiet', icon: 'git-merge', turn: 'none', client: '已并入另一单', vendor: '已并入另一单' },
}

export const stages: { [K in Kind]: Record<States[K], Stage> } = {
  fault: {
    submitted: {
      word: '已提交', step: '提交', tone: 'brand', icon: 'send', turn: 'vendor',
      client: ['已收到，乙方会在{R8} 前回应', '乙方还没回应，已经超时，可以催一催'], vendor: ['请在{R8} 前受理并回应', '响应已经超时，先回应甲方一句'],
    },
    in_progress: {
      word: '处理中', step: '处理', tone: 'brand', icon: 'tools', turn: 'vendor',
      client: ['{who} 在处理，{S24} 前给方案', '{who} 在处理，有进展会告诉你'], vendor: ['请在{S24} 前给出方案', '甲方在等你的进展'],
    },
    awaiting_client: {
      word: '待甲方补充', tone: 'warn', icon: 'chat-bubble-help', turn: 'reporter', ask: '乙方想再了解一点情况',
      client: '乙方想再了解一点情况，请你补充', vendor: '等甲方补充；总时钟还在走',
    },
    solution_given: {
      word: '已给方案', step: '方案', tone: 'warn', icon: 'lightbulb', turn: 'vendor', ask: '方案来了，看看行不行',
      client: ['方案在下面，乙方承诺{P} 前修好', '方案在下面，乙方正在修'], vendor: ['承诺{P} 前修好，修好后告诉甲方', '修好后告诉甲方'],
    },
    awaiting_confirmation: {
      word: '待确认', step: '确认', tone: 'warn', icon: 'check-circle', turn: 'reporter', ask: '修好了吗？请你确认',
      client: ['乙方说修好了，请在{C} 前试一下再确认', '乙方说修好了，请你试一下再确认'], vendor: ['等甲方在{C} 前确认', '等甲方确认'],
    },
    closed,
  },
  consultation: {
    asked: {
      word: '已提问', step: '提问', tone: 'brand', icon: 'chat-bubble-help', turn: 'vendor',
      client: ['已收到，乙方会在{W} 前解答', '乙方还没解答，可以催一催'], vendor: ['请在{W} 前解答', '解答已经超时，先回一句'],
    },
    answered: {
      word: '已解答', step: '解答', tone: 'warn', icon: 'chat-bubble-1', turn: 'reporter', ask: '乙方答复了，看看够不够',
      client: '乙方答复了：够用就结束，不够就追问', vendor: '等甲方看答复；3 个工作日没有动静会自动结束',
    },
    closed,
  },
  change: {
    draft: {
      word: '草稿', step: '草稿', tone: 'quiet', icon: 'edit', turn: 'reporter', ask: '草稿还没交给经理',
      client: '写好后交给经理签发；签发前乙方看不到', manager: '写好后就可以签发；签发前乙方看不到', vendor: '甲方还在写',
    },
    awaiting_issue: {
      word: '待签发', step: '签发', tone: 'warn', icon: 'edit-1', turn: 'manager', ask: '请你看一遍再签发',
      client: '等经理签发；签发后乙方开始评估', manager: '请看一遍：签发后就是书面通知', vendor: '甲方还没签发',
    },
    issued: {
      word: '已通知', step: '通知', tone: 'brand', icon: 'send', turn: 'vendor', first: ['log_contact'],
      client: ['已书面通知，乙方会在{A3} 前书面答复', '书面答复已经超时，可以催一催'], vendor: ['先和甲方沟通一次，再在{A3} 前书面答复', '书面答复已经超时，尽快联系甲方'],
    },
    assessing: {
      word: '评估中', step: '评估', tone: 'brand', icon: 'chart-analytics', turn: 'lead',
      client: ['乙方在评估，{A3} 前给书面答复', '书面答复已经超时，可以催一催'],
      vendor: ['评估进度、成本和质量，{A3} 前由负责人签发', '书面答复已经超时，请负责人尽快签发'], lead: ['请在{A3} 前签发书面答复', '书面答复已经超时，请尽快签发'],
    },
    replied: {
      word: '已答复', step: '答复', tone: 'warn', icon: 'file-paste', turn: 'manager', ask: '乙方答复了，请你决定',
      client: '答复在下面，等经理决定', manager: '答复在下面：同意，还是再议', vendor: '等甲方决定',
    },
    scheduled: {
      word: '已排期', step: '排期', tone: 'brand', icon: 'calendar', turn: 'vendor',
      client: '乙方已排期，会按日子动工', vendor: '按排定的日子动工，动工时点一下', lead: '排好日子，按日子动工',
    },
    implementing: {
      word: '实施中', step: '实施', tone: 'brand', icon: 'tools', turn: 'vendor', client: '乙方在做，做完会请经理验收', vendor: '做完后提交验收',
    },
    awaiting_acceptance: {
      word: '待验收', step: '验收', tone: 'warn', icon: 'check-circle', turn: 'manager', ask: '做好了，请你验收',
      client: '做好了，等经理验收', manager: '做好了，请你验收', vendor: '等甲方验收',
    },
    closed,
  },
  quality: {
    proposed: {
      word: '待通知', step: '提出', tone: 'warn', icon: 'edit-1', turn: 'manager', ask: '请你确认后通知乙方',
      client: '等经理确认；确认后正式通知乙方，修复时钟开始走', manager: '请确认：确认后算正式通知，乙方要在 5 个工作日内修好', vendor: '甲方还没正式通知',
    },
    notified: {
      word: '已通知', step: '通知', tone: 'brand', icon: 'send', turn: 'lead',
      client: ['已通知，乙方要在{Q5} 前修好', '修复已经超时，可以催一催'], vendor: ['请负责人确认或提出异议；{Q5} 前要修好', '修复已经超时，请尽快确认并修复'],
      lead: ['请确认或提出异议；{Q5} 前要修好', '修复已经超时，请尽快确认并修复'],
    },
    repairing: {
      word: '修复中', step: '修复', tone: 'brand', icon: 'tools', turn: 'vendor',
      client: ['乙方在修，{Q5} 前修好', '修复已经超时，可以催一催'], vendor: ['请在{Q5} 前修好，再请甲方复验', '修复已经超时，尽快修好请甲方复验'],
    },
    disputed: {
      word: '有异议', tone: 'warn', icon: 'help-circle', turn: 'lead', first: ['agree_finding', 'propose_finding'],
      client: ['乙方有异议，双方要一起认定；时钟照走到{Q5}', '乙方有异议，双方要一起认定'], manager: ['乙方有异议；认定提出后请你看，时钟照走到{Q5}', '乙方有异议；认定提出后请你看'],
      vendor: ['等负责人提出认定；时钟照走到{Q5}', '等负责人提出认定'], lead: ['请提出认定，甲方同意才算；时钟照走到{Q5}', '请提出认定，甲方同意才算'],
    },
    repaired: {
      word: '待复验', step: '复验', tone: 'warn', icon: 'check-circle', turn: 'reporter', ask: '乙方说修好了，请复验',
      client: '乙方说修好了，请你复验', vendor: '等甲方复验；不通过时钟接着走，中间不算',
    },
    closed,
  },
  incident: {
    detected: {
      word: '已发现', step: '发现', tone: 'warn', icon: 'error-triangle', turn: 'vendor',
      client: ['已告诉乙方和经理；乙方会在{I1} 前正式通知', '乙方还没正式通知，请直接打电话'], vendor: ['请在{I1} 前正式通知甲方', '通知已经超时，马上通知甲方'],
    },
    notified: {
      word: '已通知甲方', step: '通知', tone: 'warn', icon: 'notification', turn: 'lead', first: ['agree_grade', 'propose_grade'],
      client: '乙方已通知，双方在定级', manager: '乙方已通知；定级提出后请你确认', vendor: '等负责人提出定级', lead: '请提出定级，甲方经理确认',
    },
    graded: {
      word: '已定级', step: '定级', tone: 'brand', icon: 'chart-bar', turn: 'vendor',
      client: '已定级，乙方在控制影响', manager: ['已定级；{N4} 前要决定是否向主管部门报告', '已定级，乙方在控制影响'], vendor: '请控制住影响，做完记下来',
    },
    contained: {
      word: '已控制', step: '控制', tone: 'brand', icon: 'secured', turn: 'vendor',
      client: '影响已控制，乙方在恢复', manager: ['影响已控制；{N4} 前要决定是否报告', '影响已控制，乙方在恢复'], vendor: '请恢复服务，恢复后记下来',
    },
    recovered: {
      word: '已恢复', step: '恢复', tone: 'brand', icon: 'refresh', turn: 'lead',
      client: '已恢复，乙方在写复盘', vendor: '等负责人提交复盘', lead: '请提交复盘：原因、影响、以后怎么防',
    },
    reviewed: {
      word: '待认可复盘', step: '复盘', tone: 'warn', icon: 'file-paste', turn: 'manager', ask: '复盘来了，请你看',
      client: '复盘在下面，等经理认可', manager: '复盘在下面；认可后结束，证据解冻', vendor: '等甲方认可复盘',
    },
    closed,
  },
  report: {
    requested: {
      word: '待提交', step: '要求', tone: 'brand', icon: 'time', turn: 'lead',
      client: ['乙方会在{X} 前交报告', '报告已经过了时间，可以催一催'], vendor: ['{X} 前由负责人交报告', '报告已经过了时间，请负责人尽快交'], lead: ['请在{X} 前交报告', '报告已经过了时间，请尽快交'],
    },
    submitted: { word: '已提交', step: '提交', tone: 'warn', icon: 'file-paste', turn: 'manager', ask: '报告来了，请你看', client: '报告在下面，等经理接收', manager: '报告在下面：接收，还是退回', vendor: '等甲方接收' },
    closed,
  },
  inspection: {
    requested: { word: '待报价', step: '要求', tone: 'brand', icon: 'time', turn: 'lead', client: '等乙方报价', vendor: '等负责人报价', lead: '请报价，说清范围和时间' },
    quoted: { word: '已报价', step: '报价', tone: 'warn', icon: 'money', turn: 'manager', ask: '报价来了，请你决定', client: '报价在下面，等经理决定', manager: '报价在下面：同意才开始检测', vendor: '等甲方决定' },
    inspecting: { word: '检测中', step: '检测', tone: 'brand', icon: 'search', turn: 'lead', client: '乙方在检测，完成后交报告', vendor: '检测完由负责人交报告', lead: '检测完交报告' },
    reported: { word: '已交报告', step: '报告', tone: 'warn', icon: 'file-paste', turn: 'manager', ask: '检测报告来了，请你看', client: '报告在下面，等经理接收', manager: '报告在下面：接收，还是退回', vendor: '等甲方接收' },
    closed,
  },
  invoice: {
    requested: {
      word: '待开票', step: '申请', tone: 'brand', icon: 'time', turn: 'lead',
      client: ['乙方会在{F} 前开出发票', '发票已经过了时间，可以催一催'], vendor: ['{F} 前由负责人开出发票', '发票已经过了时间，请负责人尽快开'], lead: ['请在{F} 前开出发票', '发票已经过了时间，请尽快开'],
    },
    issued: { word: '已开票', step: '开票', tone: 'warn', icon: 'file-paste', turn: 'manager', ask: '发票来了，请签收', client: '发票在下面，等经理签收', manager: '发票在下面：签收，还是退回', vendor: '等甲方签收' },
    closed,
  },
}

const unknown: Stage = { word: '进行中', tone: 'quiet', icon: 'time', turn: 'none', client: '进展在下面', vendor: '进展在下面' }

/** A newer server may know states that this version does not: they are shown plainly rather than not at all. */
export function stageOf(kind: Kind, state: State): Stage {
  if (state === 'withdrawn' || state === 'merged') return ended[state]
  return (stages[kind] as Partial<Record<State, Stage>> | undefined)?.[state] ?? unknown
}

export const stateWord = (kind: Kind, state: State): string => stageOf(kind, state).word

const ENDS: readonly State[] = ['closed', 'withdrawn', 'merged']
export const isOpen = (state: State): boolean => !ENDS.includes(state)
export const statesOf = (kind: Kind): State[] => [...(Object.keys(stages[kind]) as State[]), 'withdrawn', 'merged']
export const OPEN_STATES: readonly State[] = [...new Set(Object.values(stages).flatMap((s) => Object.keys(s) as State[]))].filter(isOpen)
export const ENDED_STATES = ENDS

/** Whether the client has the move, and, of them, whether only a manager can make it. */
export const clientTurn = (kind: Kind, state: State): Turn | '' => {
  const { turn } = stageOf(kind, state)
  return turn === 'reporter' || turn === 'manager' ? turn : ''
}
