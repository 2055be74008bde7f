/** The controls a form can be made of, and how what was typed becomes what is sent. Names are the wire's. */
export type FieldKind = 'text' | 'choice' | 'flag' | 'time' | 'date' | 'amount' | 'rating' | 'person' | 'ticket' | 'files'

export interface FormField {
  name: string
  kind: FieldKind
  label: string
  placeholder?: string
  /** Said at the right of the label when the field may stay empty. */
  hint?: string
  required?: boolean
  max?: number
  lines?: number
  options?: readonly { value: string; title: string; text: string }[]
  /** Asked for only when another field has one of these values. */
  when?: { field: string; is: readonly string[] }
  /** Required only then. */
  requiredWhen?: { field: string; is: readonly string[]; say: string }
  /** What is said when it is missing. */
  missing?: string
  /** A time that lies behind us, not before us. */
  past?: boolean
  /** Of a date: the first and last day that can be picked, as the wire's days. Otherwise two years from today on. */
  from?: string
  until?: string
  /** Folded away until asked for. */
  more?: boolean
}

export type Values = Record<string, string>

export const text = (name: string, label: string, placeholder: string, required = true, max = 2000, lines = 3): FormField => ({ name, kind: 'text', label, placeholder, required, max, lines })

export const isAsked = (f: FormField, values: Values): boolean => !f.when || f.when.is.includes(values[f.when.field] ?? '')

/** Whether it must be filled in, as things are typed now. */
export const isRequired = (f: FormField, values: Values): boolean => (f.required ?? false) || (f.requiredWhen?.is.includes(values[f.requiredWhen.field] ?? '') ?? false)

/** 12,800.5 yuan as cents, or null when it is no amount of money. */
export function centsOf(typed: string): number | null {
  const plain = typed.replace(/[,，\s¥￥元]/g, '')
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null
  const [yuan = '0', cents = ''] = plain.split('.')
  return Number(yuan) * 100 + Number(cents.padEnd(2, '0'))
}

/** 1280050 as 12,800.50 */
export const yuanOf = (cents: number): string => {
  const [whole = '0', rest = '00'] = (cents / 100).toFixed(2).split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

/** Why a field cannot be sent as it is, or nothing. */
export function complaint(f: FormField, values: Values, files = 0): string {
  const value = (values[f.name] ?? '').trim()
  if (f.kind === 'files') return f.required && !files ? f.missing ?? '加一个文件再发' : ''
  if (f.kind === 'amount' && value && !centsOf(value)) return '写成数字，例如 12800 或 12800.50'
  if (f.name === 'purpose' && value.length < 3) return '至少写三个字'
  if (value) return ''
  if (f.requiredWhen?.is.includes(values[f.requiredWhen.field] ?? '')) return f.requiredWhen.say
  if (!f.required) return ''
  return f.missing ?? (f.kind === 'text' || f.kind === 'amount' ? '写一句再发吧' : '选一个再继续')
}

export const complaints = (fields: readonly FormField[], values: Values, files = 0): Record<string, string> =>
  Object.fromEntries(fields.filter((f) => isAsked(f, values)).flatMap((f) => {
    const why = complaint(f, values, files)
    return why ? [[f.name, why]] : []
  }))

/** Only what is asked for and filled in, in the wire's types. Files go separately: they are ids, not words. */
export function bodyOf(fields: readonly FormField[], values: Values, files: readonly { id: string }[] = []): Record<string, unknown> {
  const parts = fields.filter((f) => isAsked(f, values)).flatMap((f): [string, unknown][] => {
    if (f.kind === 'files') return files.length ? [[f.name, files.map((x) => x.id)]] : []
    const value = (values[f.name] ?? '').trim()
    if (!value) return []
    if (f.kind === 'rating') return [[f.name, Number(value)]]
    if (f.kind === 'flag') return [[f.name, value === 'true']]
    if (f.kind === 'amount') return [[f.name, centsOf(value)]]
    return [[f.name, value]]
  })
  return Object.fromEntries(parts)
}
