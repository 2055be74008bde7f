import type { Action, Kind } from '../../services/ticket-types'
import { channelWords, gradeWords } from '../../words/records'
import { kindWords, severityCards } from '../../words/ticket'
import { text, type FormField } from '../form-fields/fields'

/** What each step asks for. `kind` of a field decides the control; names are the wire's. */
export interface Form {
  title: string
  lead: string
  submit: string
  fields: readonly FormField[]
  /** Ends something; the button says so. */
  grave?: boolean
  /** Sending it is a signature: what it counts as, said before the button. */
  signs?: string
}

export type FormName = Action | 'message' | 'reveal'

const reason = (label: string, placeholder: string): FormField => text('reason', label, placeholder)
const files = (label = '照片或文件', required = false): FormField => ({ name: 'attachment_ids', kind: 'files', label, required })
const rating = (label: string, required = false): FormField => ({ name: 'rating', kind: 'rating', label, required })
const comment = text('comment', '想说的话', '哪里好、哪里还能更好', false, 500)
const three: readonly FormField[] = [
  text('schedule', '对进度的影响', '例如：交付推迟 2 个工作日，其余计划不变', true, 2000, 2),
  text('cost', '对成本的影响', '例如：增加 3 人天，按附件一单价共 4500 元', true, 2000, 2),
  text('quality', '对质量的影响', '例如：导出和权限要重新测试，其他功能不受影响', true, 2000, 2),
  {
    name: 'decision', kind: 'choice', label: '结论', required: true,
    options: [
      { value: 'accept', title: '接受', text: '按通知的内容做' },
      { value: 'partial', title: '部分接受', text: '在上面写清哪部分做、哪部分不做' },
      { value: 'decline', title: '不接受', text: '在上面写清理由' },
    ],
  },
]
const reclassifiable: readonly [Kind, string][] = [['fault', '用不了、报错'], ['quality', '做出来的不合约定'], ['consultation', '问怎么用'], ['change', '想要的和约定不一样']]
const grades: readonly [string, string][] = [['general', '影响小，没有数据泄露'], ['major', '业务中断，或少量数据受影响'], ['severe', '大量数据或重要系统受影响'], ['critical', '影响公共利益']]
const WRITTEN = '签发后算书面形式，双方都能调出和核验，不能再改，只能发新版。'

export const forms: Record<FormName, Form> = {
  // Every kind
  assign: { title: '指派', lead: '接手的人会成为负责人，时钟不受影响。', submit: '指派', fields: [{ name: 'assignee_id', kind: 'person', label: '交给谁', required: true }, text('note', '交接说明', '已经查到什么、下一步是什么', false, 500)] },
  remind: { title: '催一催', lead: '30 分钟内只能催一次，乙方会马上看到。', submit: '催一下', fields: [text('text', '想说的话', '例如：财务今天要用，麻烦快一点', false, 500)] },
  merge: { title: '合并到另一单', lead: '这一单会关上，目标单沿用更早的收到时间。只能并到同类的单。', submit: '合并', grave: true, fields: [{ name: 'into', kind: 'ticket', label: '目标工单', required: true }] },
  withdraw: { title: '撤回', lead: '撤回后不再处理，时钟作废，记录会留着。', submit: '撤回这一单', grave: true, fields: [reason('原因', '例如：自己好了 / 报错了地方')] },
  link: { title: '关联另一单', lead: '两边都会出现对方的编号，各走各的，不合并。', submit: '关联', fields: [{ name: 'to', kind: 'ticket', label: '哪一单', required: true }] },
  me_too: { title: '我也遇到', lead: '不用再报一遍：这一单有进展，也会告诉你。', submit: '我也遇到', fields: [] },
  reopen: { title: '重新打开', lead: '会开始新的一轮，时钟从现在重新算。', submit: '重新打开', fields: [reason('怎么了', '例如：今天早上又出现了')] },
  escalate_to_incident: { title: '转为安全事件', lead: '会另建一张安全事件单并关联，马上通知双方负责人；这一单照常处理。', submit: '转为安全事件', grave: true, fields: [text('text', '为什么是安全事件', '例如：没登录也能打开别人的订单')] },

  // Fault
  accept: { title: '受理', lead: '这句话甲方会看到，算作响应。', submit: '受理并回应', fields: [text('text', '对甲方说', '例如：已收到，我先看日志，半小时内告诉你进展')] },
  ask_client: { title: '请甲方补充', lead: '问得具体，对方答得快。等待会被记下，总时钟不停。', submit: '发出去', fields: [text('question', '想了解什么', '例如：报错截图，以及出错前点了哪个按钮')] },
  supply: { title: '补充情况', lead: '补充后，乙方继续处理。', submit: '补充', fields: [text('text', '补充说明', '把乙方想知道的写在这里'), files()] },
  publish_solution: {
    title: '给出方案', lead: '方案发布后，方案时钟停下；写了时间就是承诺。', submit: '发布方案',
    fields: [
      {
        name: 'solution_type', kind: 'choice', label: '哪一种', required: true,
        options: [
          { value: 'fix', title: '直接修复', text: '改好就行，不用绕路' },
          { value: 'workaround', title: '临时办法', text: '先能用，之后再修' },
          { value: 'plan', title: '修复计划', text: '需要一段时间' },
        ],
      },
      text('text', '方案内容', '原因是什么，怎么解决，甲方要做什么'),
      { name: 'eta', kind: 'time', label: '承诺修好的时间', requiredWhen: { field: 'solution_type', is: ['workaround', 'plan'], say: '这种方案要给一个时间' } },
    ],
  },
  reject_solution: { title: '方案不行', lead: '说说哪里不合适，乙方会再想办法。', submit: '退回方案', fields: [reason('原因', '例如：临时办法每天要多做一遍，撑不到月底')] },
  mark_repaired: { title: '已修复', lead: '甲方会收到确认请求。', submit: '告诉甲方', fields: [text('text', '修了什么', '例如：已重启服务并补了索引，现在打开只要 1 秒', false)] },
  confirm: { title: '修好了', lead: '确认后这一单关闭，14 天内还可以重新打开。', submit: '确认并关闭', fields: [rating('这次处理得怎么样', true), comment] },
  fail_verification: { title: '还没修好', lead: '乙方会接着处理，承诺时钟继续走。', submit: '告诉乙方', fields: [reason('现在是什么样', '例如：保存还是失败，提示和之前一样')] },
  set_severity: { title: '改严重程度', lead: '程度只影响先后，不放宽时限；改动双方都看得到。', submit: '改过来', fields: [{ name: 'severity', kind: 'choice', label: '有多急', required: true, options: severityCards }, reason('为什么改', '例如：影响的人比刚才以为的多')] },
  acknowledge_wait: { title: '认可这段等待', lead: '认可后，这段时间从「净用时」里扣除；总时钟和是否按时不受影响。', submit: '认可', fields: [] },
  reclassify: {
    title: '改类型', lead: '甲方经理同意才生效；时限从最初收到时按新类型重新算。', submit: '提出',
    fields: [
      { name: 'kind', kind: 'choice', label: '改成', required: true, options: reclassifiable.map(([value, why]) => ({ value, title: kindWords[value].word, text: why })) },
      reason('理由', '例如：这是新需求，不是故障'),
    ],
  },
  agree_reclassify: { title: '同意改类型', lead: '同意后按新类型走，时限从最初收到时重新算。', submit: '同意', fields: [] },
  refuse_reclassify: { title: '不同意改类型', lead: '维持原来的类型，时钟照走。', submit: '不同意', fields: [reason('理由', '例如：合同附件里已经写明要有这个功能')] },

  // Change
  edit_notice: {
    title: '改通知内容', lead: '签发前随便改；签发后改会成为新的一版，答复时间从新版重新算。', submit: '存下',
    fields: [text('title', '改什么', '例如：订单列表增加导出', true, 80, 1), text('description', '具体要求', '现在怎样、希望怎样、为什么', true, 5000, 4), { name: 'wished_on', kind: 'date', label: '希望哪天生效' }],
  },
  submit_for_issue: { title: '交给经理签发', lead: '经理签发后才算书面通知，乙方才看得到。', submit: '交给经理', fields: [] },
  return_draft: { title: '退回修改', lead: '退给写的人；说清哪里要改。', submit: '退回', fields: [reason('哪里要改', '例如：写明导出哪些列')] },
  issue: { title: '签发变更通知', lead: '', submit: '签发', fields: [], signs: `${WRITTEN}乙方从收到起 3 个工作日内书面答复（协议 2.2.2）。` },
  waive_lead_time: { title: '同意缩短提前期', lead: '协议 2.2.1 要求提前 5 个工作日；你可以代表乙方书面同意这一次缩短。', submit: '同意缩短', fields: [reason('理由', '例如：改动小，来得及')], signs: WRITTEN },
  log_contact: {
    title: '记一次沟通', lead: '答复前至少要和甲方沟通一次（协议 2.2.2）。', submit: '记下',
    fields: [
      {
        name: 'channel', kind: 'choice', label: '怎么沟通的', required: true,
        options: Object.entries(channelWords).map(([value, title]) => ({ value, title, text: '' })),
      },
      text('text', '谈了什么', '例如：确认了导出只要最近一年，格式用表格'),
    ],
  },
  draft_reply: { title: '起草答复', lead: '三项影响都要写；负责人签发才算答复，时钟才停。', submit: '存草稿', fields: three },
  reply: { title: '签发书面答复', lead: '三项影响和结论都要有，缺一项不算答复。', submit: '签发答复', fields: three, signs: `${WRITTEN}答复时钟在签发那一刻停下（协议 2.2.2）。` },
  approve: { title: '同意', lead: '', submit: '同意', fields: [], signs: '同意后按这份答复执行：进度、成本、质量以答复里写的为准。' },
  reconsider: { title: '再议', lead: '说说哪里谈不拢。通知会成为新的一版，乙方重新答复。', submit: '发回再议', fields: [reason('哪里要再谈', '例如：推迟两周太久，能不能先做一半')] },
  schedule_change: { title: '排期', lead: '甲方看得到这个日子。', submit: '排定', fields: [{ name: 'planned_on', kind: 'date', label: '哪天动工或上线', required: true }, text('text', '安排', '例如：周四晚 22:00 发布，预计停 10 分钟')] },
  start_work: { title: '开始实施', lead: '从现在起状态是「实施中」。', submit: '开始', fields: [] },
  submit_for_acceptance: { title: '提交验收', lead: '说清做了什么、怎么验；附件可以用消息发。', submit: '请甲方验收', fields: [text('text', '做了什么、怎么验', '例如：订单列表右上角多了「导出」，导出的列见消息', true, 5000)] },
  accept_change: { title: '验收通过', lead: '', submit: '通过', fields: [rating('这次做得怎么样', true), comment], signs: '通过后这次变更完成，记录留作交付依据。' },
  reject_acceptance: { title: '验收不通过', lead: '乙方接着改，改好再请你验。', submit: '退回', fields: [reason('哪里不符合', '例如：导出少了收货地址一列')] },

  // Consultation
  answer: { title: '解答', lead: '甲方马上能看到，解答时钟停下。', submit: '发出解答', fields: [text('text', '解答', '一步一步写，最好带上页面上的名字')] },
  follow_up: { title: '追问', lead: '接着问，乙方继续答。', submit: '追问', fields: [text('text', '还想问', '例如：按第二步做，没看到那个按钮')] },
  close: { title: '解决了', lead: '结束这次咨询；14 天内还可以重新打开。', submit: '结束咨询', fields: [rating('答得怎么样'), comment] },
  request_remote: { title: '申请远程协助', lead: '要对方同意才能开始，每一次都要单独同意。', submit: '发出申请', fields: [text('text', '要看什么、做什么', '例如：看一下导出设置，大约 10 分钟，不改数据')] },
  grant_remote: { title: '同意这一次远程', lead: '只同意这一次；全程你可以看着，随时可以叫停。请先关掉不想让人看到的窗口。', submit: '同意', fields: [], signs: '只对这一次远程有效；结束后会留下谁、何时、做了什么。' },
  refuse_remote: { title: '不同意远程', lead: '没关系，乙方会换别的办法。', submit: '不同意', fields: [] },
  start_remote: { title: '开始远程', lead: '从现在起记时间。', submit: '开始', fields: [] },
  end_remote: { title: '结束远程', lead: '写清做了什么，对方看得到。', submit: '结束并记录', fields: [text('text', '做了什么', '例如：看了导出设置，把编码改成 UTF-8，没动数据')] },
  request_visit: { title: '申请上门', lead: '乙方负责人会和你约时间。', submit: '申请', fields: [text('text', '为什么要到现场、去哪里', '例如：车间扫码枪连不上，二号厂房门口找我')] },
  schedule_visit: { title: '约上门时间', lead: '双方都看得到；改时间就再约一次。', submit: '约定', fields: [{ name: 'visit_at', kind: 'time', label: '什么时候到', required: true }] },
  arrive: { title: '到场', lead: '记下到场时间。', submit: '我到了', fields: [] },
  leave: { title: '离场并记录', lead: '', submit: '签字离场', fields: [text('text', '做了什么、结果怎样', '例如：重配了扫码枪，试扫 20 次都正常')], signs: '你签的是这份上门记录；甲方签认后双方都算数。' },
  sign_visit: { title: '签认上门记录', lead: '', submit: '签认', fields: [], signs: '你确认上面记录的到场、离场时间和结果属实。' },

  // Quality
  confirm_notice: { title: '确认并通知乙方', lead: '', submit: '正式通知', fields: [], signs: '确认后是正式的质量通知，乙方要在 5 个工作日内修好（协议 7.3.1）。' },
  acknowledge: { title: '确认问题', lead: '认下这个问题，开始修。', submit: '确认', fields: [text('text', '对甲方说', '例如：已复现，是四舍五入的写法不对，明天修好')] },
  dispute: { title: '提出异议', lead: '时钟不停。提出后要和甲方一起认定。', submit: '提出异议', fields: [reason('理由', '例如：约定的是按月汇总，现在的结果符合约定')] },
  propose_finding: {
    title: '提出认定', lead: '甲方经理同意才算数。认定「不是质量问题」，修复时钟作废。', submit: '提出',
    fields: [
      { name: 'valid', kind: 'flag', label: '认定', required: true, options: [{ value: 'true', title: '是质量问题', text: '接着修，时钟照走' }, { value: 'false', title: '不是质量问题', text: '关闭，修复时钟作废' }] },
      text('text', '依据', '例如：对照需求文档 3.2 节，双方都看过'),
    ],
    signs: WRITTEN,
  },
  agree_finding: { title: '同意认定', lead: '', submit: '同意', fields: [], signs: '同意后是双方共同的认定，照它执行。' },
  pass_verification: { title: '复验通过', lead: '确认达到约定的标准（协议 7.3.2），这一单关闭。', submit: '通过并关闭', fields: [rating('这次处理得怎么样'), comment] },

  // Progress report, inspection, invoice
  submit_report: { title: '交进度报告', lead: '', submit: '签发报告', fields: [text('text', '报告', '做完了什么、正在做什么、有什么风险、下一步'), files('附件')], signs: `${WRITTEN}期限在提交那一刻停下（协议 3.2）。` },
  accept_report: { title: '接收报告', lead: '', submit: '接收', fields: [], signs: '接收后这一单关闭，报告存档。' },
  return_report: { title: '退回报告', lead: '时钟从现在接着走。', submit: '退回', fields: [reason('缺什么', '例如：没写测试进度')] },
  quote: { title: '报价', lead: '', submit: '签发报价', fields: [{ name: 'amount_cents', kind: 'amount', label: '金额（元）', placeholder: '例如：6000', required: true }, text('text', '范围和时间', '例如：压测下单接口，3 个工作日出报告')], signs: WRITTEN },
  agree_quote: { title: '同意报价', lead: '', submit: '同意', fields: [], signs: '同意后按这个金额和范围检测（协议 7.2.2）。' },
  decline_quote: { title: '不检测了', lead: '这一单会关上，记录留着。', submit: '不检测了', grave: true, fields: [reason('原因', '例如：先用自己的工具测一轮')] },
  submit_inspection_report: { title: '交检测报告', lead: '', submit: '签发报告', fields: [text('text', '结论', '测了什么、结果怎样、发现哪些问题'), files('报告文件')], signs: WRITTEN },
  issue_invoice: {
    title: '开出发票', lead: '', submit: '交付发票',
    fields: [
      text('invoice_no', '发票号码', '例如：24312000000012345678', true, 100, 1),
      { name: 'amount_cents', kind: 'amount', label: '金额（元）', placeholder: '例如：50000.00', required: true },
      { name: 'issued_on', kind: 'date', label: '开票日期', required: true, past: true },
      files('发票文件（PDF 或照片）'),
    ],
    signs: '交付那一刻开票时钟停下（协议 4.3.2）。',
  },
  sign_receipt: { title: '签收发票', lead: '', submit: '签收', fields: [], signs: '签收后这一单关闭。' },
  return_invoice: { title: '退回发票', lead: '时钟从现在接着走。', submit: '退回', fields: [reason('哪里不对', '例如：抬头少了「有限」二字')] },

  // Incident
  notify_client: { title: '正式通知甲方', lead: '', submit: '通知甲方', fields: [text('text', '现在知道的情况', '发生了什么、何时、可能涉及哪些数据、正在做什么')], signs: '这是协议 8.2 的正式通知；不知道的写「正在查」，不要等。' },
  propose_grade: {
    title: '提出定级', lead: '甲方经理同意才算数。较大及以上，甲方有 4 小时上报时限，从发现时算。', submit: '提出',
    fields: [
      {
        name: 'grade', kind: 'choice', label: '级别', required: true,
        options: grades.map(([value, why]) => ({ value, title: gradeWords[value] ?? value, text: why })),
      },
      text('text', '依据', '影响了多少人、哪些数据、多长时间'),
    ],
  },
  agree_grade: { title: '同意定级', lead: '', submit: '同意', fields: [], signs: '较大及以上：4 小时上报时限从发现那一刻起算。' },
  contain: { title: '已控制影响', lead: '证据先留好再动手。', submit: '记下', fields: [text('text', '做了什么', '例如：已下线接口，冻结相关账号，日志已封存')] },
  decide_report: {
    title: '是否向主管部门报告', lead: '由甲方决定。较大及以上事件，网信部门要求 4 小时内报告。', submit: '记下决定',
    fields: [{ name: 'report', kind: 'flag', label: '决定', required: true, options: [{ value: 'true', title: '报告', text: '写清向谁、何时、怎么报的' }, { value: 'false', title: '不报告', text: '写清为什么不需要' }] }, text('text', '说明', '例如：10:40 已向省网信办电话报告，接线人已记录')],
    signs: '这是甲方的决定，会连同时间留存。',
  },
  decide_personal_notice: {
    title: '是否告知个人', lead: '个人信息保护法第 57 条：要写明涉及哪些信息、原因和可能的危害、补救措施、个人可以怎么做、怎么联系。', submit: '记下决定',
    fields: [{ name: 'notify', kind: 'flag', label: '决定', required: true, options: [{ value: 'true', title: '告知', text: '下面写告知的内容' }, { value: 'false', title: '不告知', text: '能有效避免危害的，可以不告知；写清理由' }] }, text('text', '告知内容或理由', '涉及的信息、原因和危害、补救措施、个人可以怎么做、联系方式', true, 5000, 6)],
    signs: '这是甲方的决定，会连同时间留存。',
  },
  recover: { title: '已恢复', lead: '', submit: '记下', fields: [text('text', '恢复到什么程度', '例如：09:20 全部恢复，已核对数据没有缺失')] },
  submit_review: { title: '交复盘', lead: '', submit: '签发复盘', fields: [text('text', '复盘', '经过、根本原因、影响、处置、以后怎么防'), files('附件')], signs: WRITTEN },
  accept_review: { title: '认可复盘', lead: '认可后这一单关闭，证据解除冻结。', submit: '认可并关闭', fields: [], signs: '认可后，与本事件有关的数据可以按期销毁。' },
  return_review: { title: '退回复盘', lead: '说说还缺什么。', submit: '退回', fields: [reason('还缺什么', '例如：没写为什么监控没有报警')] },

  message: { title: '发消息', lead: '', submit: '发送', fields: [text('body', '内容', '写给对方的话', true, 5000), files()] },
  reveal: { title: '查看联系方式', lead: '会记下你为什么看，对方看得到这条记录。', submit: '查看', fields: [text('purpose', '用途', '例如：电话确认故障现象', true, 200)] },
}

/** Where the same step means something else for another kind. */
const otherwise: Partial<Record<Kind, Partial<Record<FormName, Partial<Form>>>>> = {
  consultation: {
    reopen: { lead: '接着上次的问题问，乙方会再答。' },
    withdraw: { lead: '撤回后不再解答，记录会留着。', fields: [reason('原因', '例如：自己找到了')] },
  },
  change: { withdraw: { lead: '撤回后这次变更不做了，记录会留着。', fields: [reason('原因', '例如：需求不要了')] } },
  quality: {
    mark_repaired: { lead: '甲方复验通过才算修好；不通过时，时钟从复验那一刻接着走。', fields: [text('text', '修了什么', '例如：已改为逐行取整，附测试结果')] },
    fail_verification: { title: '复验不通过', lead: '修复时钟接着走，等你复验的这段不算。', submit: '告诉乙方' },
    withdraw: { fields: [reason('原因', '例如：是我们理解错了')] },
  },
  inspection: { accept_report: { title: '接收检测报告' }, return_report: { title: '退回检测报告', lead: '乙方补齐后再交。' } },
}

export const formFor = (name: FormName, kind: Kind): Form => ({ ...forms[name], ...otherwise[kind]?.[name] })
