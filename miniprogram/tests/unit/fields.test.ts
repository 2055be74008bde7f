import { expect, test } from 'vitest'
import { bodyOf, centsOf, complaint, complaints, isRequired, yuanOf, type FormField } from '../../src/components/form-fields/fields'
import { formFor, forms } from '../../src/components/action-form/forms'
import { reports } from '../../src/packages/ticket/report/kinds'

test('yuan are typed in many ways and become cents exactly', () => {
  for (const [typed, cents] of [['12800', 1280000], ['12,800.5', 1280050], ['￥0.07', 7], ['8.10 元', 810], ['1.005', null], ['abc', null], ['', null], ['-3', null]] as const) expect(centsOf(typed), typed).toBe(cents)
  expect(yuanOf(1280050)).toBe('12,800.50')
  expect(yuanOf(7)).toBe('0.07')
  for (let cents = 1; cents < 3_000_000; cents = cents * 3 + 7) expect(centsOf(yuanOf(cents))).toBe(cents)
})

test('what is sent has the types of the wire, and only what was asked and filled in', () => {
  const fields: FormField[] = [
    { name: 'text', kind: 'text', label: '' }, { name: 'note', kind: 'text', label: '' }, { name: 'valid', kind: 'flag', label: '' }, { name: 'amount_cents', kind: 'amount', label: '' },
    { name: 'rating', kind: 'rating', label: '' }, { name: 'eta', kind: 'time', label: '', when: { field: 'text', is: ['later'] } }, { name: 'attachment_ids', kind: 'files', label: '' },
  ]
  expect(bodyOf(fields, { text: ' 好 ', note: '  ', valid: 'false', amount_cents: '5', rating: '4', eta: 'x' }, [{ id: 'a1' }])).toEqual({ text: '好', valid: false, amount_cents: 500, rating: 4, attachment_ids: ['a1'] })
  expect(bodyOf(fields, {})).toEqual({})
})

test('what is missing is named in the words of its field', () => {
  const { fields } = forms.publish_solution
  expect(complaints(fields, {})).toEqual({ solution_type: '选一个再继续', text: '写一句再发吧' })
  expect(complaints(fields, { solution_type: 'plan', text: 'x' })).toEqual({ eta: '这种方案要给一个时间' })
  expect(complaints(fields, { solution_type: 'fix', text: 'x' })).toEqual({})
  expect(complaints(reports.invoice.fields, { title: 'x', description: 'y', amount_cents: '十块', invoice_type: 'normal' })).toEqual({ amount_cents: '写成数字，例如 12800 或 12800.50' })
})

test('the mark of a field follows what was chosen, and so does what is refused', () => {
  const eta = forms.publish_solution.fields.find((f) => f.name === 'eta')
  if (!eta) throw new Error('a solution has a time')
  for (const [type, required] of [['', false], ['fix', false], ['workaround', true], ['plan', true]] as const) {
    expect(isRequired(eta, { solution_type: type }), type).toBe(required)
    expect(complaint(eta, { solution_type: type }) !== '', type).toBe(required)
  }
})

test('a kind may word a step in its own way, and keeps the rest', () => {
  expect(formFor('fail_verification', 'quality')).toMatchObject({ title: '复验不通过', fields: forms.fail_verification.fields })
  expect(formFor('fail_verification', 'fault')).toEqual(forms.fail_verification)
})
