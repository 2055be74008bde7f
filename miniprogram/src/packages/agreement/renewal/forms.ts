import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import type { AnnexAction } from '../../../services/agreement'
import { longDate } from '../../../words/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

const OTHER = 'other'
/** The most that one renewal may add; the server says so too. */
const MOST_YEARS = 5

/** The same date so many years later; 29 February becomes the 28th, as the server counts a term. */
export function yearsLater(date: string, years: number): string {
  const [y = 0, m = 1, d = 1] = date.split('-').map(Number)
  const last = new Date(Date.UTC(y + years, m, 0)).getUTCDate()
  return [y + years, m, Math.min(d, last)].map((n) => String(n).padStart(2, '0')).join('-')
}

/** The day after, as the wire's day. */
const dayAfter = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** The sheet in which a renewal is proposed: whole years at a tap, any other day by the wheel. */
export const renewalForm = (end: string): Form => ({
  title: '提议续签',
  lead: '提出就是你这一方签了；对方也签之后，到期日才改。',
  submit: '提出并签署',
  fields: [
    {
      name: 'until', kind: 'choice', label: '续到哪天', required: true,
      options: [...[1, 2, 3].map((n) => ({ value: yearsLater(end, n), title: `续 ${n} 年`, text: `到 ${longDate(yearsLater(end, n))}` })), { value: OTHER, title: '另选日期', text: '晚于现在的到期日，最多五年' }],
    },
    { name: 'expires_on', kind: 'date', label: '新的到期日', from: dayAfter(end), until: yearsLater(end, MOST_YEARS), when: { field: 'until', is: [OTHER] }, requiredWhen: { field: 'until', is: [OTHER], say: '选一个日子' } },
    text('reason', '说明', '例如：条件不变，续一年', false, 500, 2),
  ],
  signs: WRITTEN,
})

/** What was chosen, as the wire's day. */
export function chosenEnd(fields: Record<string, unknown>): string {
  const { until, expires_on } = fields as { until?: string; expires_on?: string }
  return (until === OTHER ? expires_on : until) ?? ''
}

export const renewalForms: Record<AnnexAction, Form> = {
  sign: { title: '签署续签', lead: '', submit: '签署', fields: [], signs: WRITTEN },
  decline: { title: '不同意', lead: '这份提议作废，对方可以再提。', submit: '不同意', fields: [text('reason', '为什么', '例如：先续一年，明年再定', true, 500)] },
  withdraw: { title: '撤回提议', lead: '撤回后什么都不变，可以再提。', submit: '撤回', fields: [], grave: true },
}
