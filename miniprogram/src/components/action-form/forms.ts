import type { Action } from '../../services/tickets'

/** What each step asks for. `kind` decides the control; names are the wire's. */
export interface FormField {
  name: string
  kind: 'text' | 'choice' | 'time' | 'rating' | 'person' | 'ticket' | 'files'
  label: string
  placeholder?: string
  required?: boolean
  max?: number
  options?: { value: string; title: string; text: string }[]
}

export interface Form {
  title: string
  lead: string
  submit: string
  fields: FormField[]
  /** Ends something; the button says so. */
  grave?: boolean
}

const text = (name: string, label: string, placeholder: string, required = true, max = 2000): FormField => ({ name, kind: 'text', label, placeholder, required, max })

export type FormName = Exclude<Action, 'escalate_to_incident'> | 'message' | 'reveal'

export const forms: Record<FormName, Form> = {
  accept: {
    title: '受理', lead: '这句话甲方会看到，算作响应。', submit: '受理并回应',
    fields: [text('text', '对甲方说', '例如：已收到，我先看日志，半小时内告诉你进展')],
  },
  assign: { title: '指派', lead: '接手的人会成为负责人，时钟不受影响。', submit: '指派', fields: [{ name: 'assignee_id', kind: 'person', label: '交给谁', required: true }, text('note', '交接说明', '已经查到什么、下一步是什么', false, 500)] },
  ask_client: { title: '请甲方补充', lead: '问得具体，对方答得快。等待会被记下，总时钟不停。', submit: '发出去', fields: [text('question', '想了解什么', '例如：报错截图，以及出错前点了哪个按钮')] },
  supply: { title: '补充情况', lead: '补充后，乙方继续处理。', submit: '补充', fields: [text('text', '补充说明', '把乙方想知道的写在这里'), { name: 'attachment_ids', kind: 'files', label: '照片或文件' }] },
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
      { name: 'eta', kind: 'time', label: '承诺修好的时间' },
    ],
  },
  reject_solution: { title: '方案不行', lead: '说说哪里不合适，乙方会再想办法。', submit: '退回方案', fields: [text('reason', '原因', '例如：临时办法每天要多做一遍，撑不到月底')] },
  mark_repaired: { title: '已修复', lead: '甲方会收到确认请求。', submit: '告诉甲方', fields: [text('text', '修了什么', '例如：已重启服务并补了索引，现在打开只要 1 秒', false)] },
  confirm: { title: '修好了', lead: '确认后这一单关闭，14 天内还可以重新打开。', submit: '确认并关闭', fields: [{ name: 'rating', kind: 'rating', label: '这次处理得怎么样', required: true }, text('comment', '想说的话', '哪里好、哪里还能更好', false, 500)] },
  fail_verification: { title: '还没修好', lead: '乙方会接着处理，承诺时钟继续走。', submit: '告诉乙方', fields: [text('reason', '现在是什么样', '例如：保存还是失败，提示和之前一样')] },
  reopen: { title: '重新打开', lead: '会开始新的一轮，响应和方案时钟从现在算。', submit: '重新打开', fields: [text('reason', '怎么了', '例如：今天早上又出现了')] },
  withdraw: { title: '撤回', lead: '撤回后不再处理，时钟作废，记录会留着。', submit: '撤回这一单', grave: true, fields: [text('reason', '原因', '例如：自己好了 / 报错了地方')] },
  merge: { title: '合并到另一单', lead: '这一单会关上，目标单沿用更早的收到时间。', submit: '合并', grave: true, fields: [{ name: 'into', kind: 'ticket', label: '目标工单', required: true }] },
  remind: { title: '催一催', lead: '30 分钟内只能催一次，乙方会马上看到。', submit: '催一下', fields: [text('text', '想说的话', '例如：财务今天要用，麻烦快一点', false, 500)] },
  message: { title: '发消息', lead: '', submit: '发送', fields: [text('body', '内容', '写给对方的话', true, 5000), { name: 'attachment_ids', kind: 'files', label: '照片或文件' }] },
  reveal: { title: '查看联系方式', lead: '会记下你为什么看，对方看得到这条记录。', submit: '查看', fields: [text('purpose', '用途', '例如：电话确认故障现象', true, 200)] },
}
