import { text, type FormField } from '../../../components/form-fields/fields'
import type { Kind } from '../../../services/ticket-types'
import { invoiceWords } from '../../../words/records'
import { severityCards } from '../../../words/ticket'

/** What the report page asks for each kind. Names are the wire's; the page itself knows no kind by name. */
export interface Report {
  /** The page's title, and what its button does. */
  title: string
  submit: string
  /** Under the button: what happens next, in one line. */
  promise: string
  /** Said above the form, when something should be known before writing. */
  lead?: string
  icon?: string
  fields: readonly FormField[]
  start?: Record<string, string>
  /** Which question to the agreement's calendar this form shows. */
  shows?: 'support-hours' | 'lead-time'
  /** What was written about it already is shown while it is being written. */
  suggests?: boolean
}

const title = (label: string, placeholder: string, missing = '一句话说说是什么事'): FormField => ({ ...text('title', label, placeholder, true, 80, 1), missing })
const description = (label: string, placeholder: string, missing = '写几句，对方才好判断', lines = 4): FormField => ({ ...text('description', label, placeholder, true, 5000, lines), missing })
const files: FormField = { name: 'attachment_ids', kind: 'files', label: '照片、录屏或文件' }
const severity: FormField = { name: 'severity', kind: 'choice', label: '有多急', required: true, options: severityCards }
const occurred: FormField = { name: 'occurred_at', kind: 'time', label: '什么时候发生的', placeholder: '就是现在，不用选', past: true }
const contact: FormField = { ...text('contact', '怎么找到你', '例如：分机 8021，下午都在', false, 100, 1), hint: '选填，加密保存', more: true }
const scope = (placeholder: string): FormField => ({ ...text('scope', '影响范围', placeholder, false, 200, 1), more: true })

export const reports: Record<Kind, Report> = {
  fault: {
    title: '报告故障', submit: '提交', promise: '提交后马上有回执：8 小时内回应，24 小时内给方案', suggests: true,
    start: { severity: 'major' },
    fields: [
      title('什么问题', '例如：报表打不开', '一句话说说是什么问题'),
      description('说说现象', '点了什么、看到什么提示、什么时候开始的', '写下现象，工程师才好判断'),
      files, severity, occurred,
      scope('例如：三楼财务组 6 个人'),
      { ...text('steps_tried', '试过什么', '例如：换了浏览器，重新登录过', false, 2000, 2), more: true },
      contact,
    ],
  },
  consultation: {
    title: '咨询', submit: '提交', promise: '工作时间内 4 小时有人解答', shows: 'support-hours',
    start: { mode: 'online' },
    fields: [
      title('想问什么', '例如：怎么导出上月的报表'),
      description('说具体一点', '想做什么、做到哪一步、看到什么'),
      files,
      {
        name: 'mode', kind: 'choice', label: '怎么帮你', required: true,
        options: [
          { value: 'online', title: '线上解答', text: '写清楚步骤就行' },
          { value: 'remote', title: '远程看一下', text: '每次都会先问你同不同意' },
          { value: 'on_site', title: '希望有人来', text: '要经理提出，再约时间' },
        ],
      },
      contact,
    ],
  },
  change: {
    title: '提变更', submit: '存成草稿', promise: '先存草稿；经理签发后才是书面通知', shows: 'lead-time',
    fields: [
      title('想改什么', '例如：订单列表增加导出'),
      description('具体要求', '现在怎样、希望怎样、为什么', '写清楚，乙方才好评估', 5),
      { name: 'wished_on', kind: 'date', label: '希望哪天生效', required: true, missing: '选一个日子' },
      files,
    ],
  },
  quality: {
    title: '质量问题', submit: '提交', promise: '经理确认后正式通知乙方，5 个工作日内修好',
    lead: '做出来的和约定的不一样，算质量问题；突然用不了，请报故障。',
    start: { severity: 'major' },
    fields: [
      title('哪里不符合', '例如：合计金额差一分钱'),
      description('约定怎样，实际怎样', '例如：需求写按行取整，现在按总数取整', '写清约定和实际，才好认定'),
      files, severity, occurred, scope('例如：所有含税订单'), contact,
    ],
  },
  incident: {
    title: '报告安全事件', submit: '马上报告', promise: '乙方要在 1 小时内正式通知甲方（协议 8.2）', icon: 'error-triangle',
    lead: '一提交，乙方负责人和甲方经理会同时收到。先报，不用等查清；别自己删东西，证据要留着。',
    fields: [
      title('发生了什么', '例如：没登录也能看到别人的订单', '一句话说说发生了什么'),
      description('你看到的', '什么时候、哪个页面、看到了什么', '写你看到的就行', 3),
      files, { ...occurred, placeholder: '就是刚才，不用选' }, scope('例如：可能涉及 2024 年的订单'), contact,
    ],
  },
  report: {
    title: '要进度报告', submit: '发给乙方', promise: '乙方要在你定的时间前交（协议 3.2.2）',
    fields: [title('要什么报告', '例如：十一月进度报告'), description('要写清哪些', '例如：完成了什么、风险、下月计划', '写清要什么，报告才有用', 3), { name: 'due_at', kind: 'time', label: '什么时候要', required: true, missing: '选一个时间' }],
  },
  inspection: {
    title: '要质量检测', submit: '发给乙方', promise: '乙方先报价，你同意了才检测（协议 7.2.2）',
    fields: [title('检测什么', '例如：下单接口压力测试'), description('范围和标准', '例如：500 人同时下单，3 秒内返回', '写清范围，乙方才好报价'), files],
  },
  invoice: {
    title: '要发票', submit: '发给乙方', promise: '乙方按附件约定的工作日内开出（协议 4.3.2）',
    start: { invoice_type: 'special' },
    fields: [
      title('哪笔费用', '例如：第三季度维护费'),
      { name: 'amount_cents', kind: 'amount', label: '金额（元）', placeholder: '例如：50000.00', required: true, missing: '写上金额' },
      { name: 'invoice_type', kind: 'choice', label: '发票类型', required: true, options: [{ value: 'special', title: invoiceWords.special ?? '', text: '可以抵扣' }, { value: 'normal', title: invoiceWords.normal ?? '', text: '' }] },
      description('抬头和要求', '例如：海岚制造有限公司，税号见合同；发票内容写技术服务费', '写上抬头和要求', 3),
    ],
  },
}
