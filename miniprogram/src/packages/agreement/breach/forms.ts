import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import type { BreachAction } from '../../../services/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

/** What both sides can say about a breach; `button` is its short name on the page. */
export const breachForms: Record<BreachAction, Form & { button: string }> = {
  dispute: { button: '申辩', title: '提出申辩', lead: '说清为什么不该算；对方看得到，可以答复、豁免或确认。', submit: '提出申辩', fields: [text('reason', '理由', '例如：当晚 21:00 已在电话里答复，见沟通记录')], signs: WRITTEN },
  answer_dispute: { button: '答复申辩', title: '答复申辩', lead: '事情还开着，之后仍可豁免或确认。', submit: '答复', fields: [text('text', '答复', '例如：电话里没有说到处理办法，请再看')], signs: WRITTEN },
  waive: { button: '豁免', title: '豁免这次超时', lead: '豁免后不计入扣费，记录仍在；不能再改。', submit: '豁免', fields: [text('reason', '理由', '例如：影响很小，且事后处理得很好')], signs: WRITTEN },
  confirm: { button: '确认超时', title: '确认这次超时', lead: '确认后计入扣费预览；不能再改。', submit: '确认超时', fields: [], signs: WRITTEN },
}
