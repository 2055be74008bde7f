import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import type { MilestoneAction } from '../../../services/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

/** The steps of a milestone with this title. */
export const milestoneForms = (title: string): Record<MilestoneAction, Form> => ({
  submit: { title: `提交${title}`, lead: '', submit: '签署并提交', fields: [text('text', '内容', '写清要点；全文放附件', true, 5000, 5), { name: 'attachment_ids', kind: 'files', label: '附件' }], signs: `${WRITTEN}提交那一刻，期限停下。` },
  accept: { title: `确认${title}`, lead: '', submit: '签署确认', fields: [], signs: WRITTEN },
  return: { title: '退回', lead: '说清哪里要改，对方改好再交。', submit: '退回', fields: [text('reason', '哪里要改', '例如：缺界面设计一节')] },
  demand: { title: '指定提交日期', lead: '协议 3.1 没写几天，由甲方指定；指定后就是乙方的期限。', submit: '签署并指定', fields: [{ name: 'due_at', kind: 'time', label: '最晚什么时候交', required: true }], signs: WRITTEN },
})
