import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import type { ExitAction } from '../../../services/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

/** The vendor does each item and says how; the client confirms it. */
export const exitForms: Record<ExitAction, Form> = {
  done: { title: '完成这一项', lead: '', submit: '签署完成', fields: [text('note', '怎么做的', '例如：12月2日 10:00 已停用 3 个账号，密钥已作废'), { name: 'attachment_ids', kind: 'files', label: '凭证' }, text('sha256', '导出文件的 SHA-256', '在别处移交时填，64 位', false, 64, 2)], signs: WRITTEN },
  confirm: { title: '确认这一项', lead: '', submit: '签署确认', fields: [], signs: `${WRITTEN}四项都确认后，清单了结。` },
  return: { title: '退回这一项', lead: '说清哪里还没做到。', submit: '退回', fields: [text('reason', '哪里没做到', '例如：导出缺附件')] },
}
