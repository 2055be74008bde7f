import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import type { AnnexAction } from '../../../services/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

/** What can be done with a proposed version of an annex. */
export const annexForms: Record<AnnexAction, Form> = {
  sign: { title: '签署', lead: '', submit: '签署', fields: [], signs: WRITTEN },
  decline: { title: '不同意', lead: '这一版作废，对方可以再提。', submit: '不同意', fields: [text('reason', '为什么', '例如：3 天太短，确认要走两级审批', true, 500)] },
  withdraw: { title: '撤回提议', lead: '撤回后什么都不变，可以再提。', submit: '撤回', fields: [], grave: true },
}
