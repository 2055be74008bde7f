import type { Form } from '../../../components/action-form/forms'
import { text, yuanOf, type FormField, type Values } from '../../../components/form-fields/fields'
import type { Value } from '../../../services/agreement'
import { hoursWords, severities, valueWords } from '../../../words/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

/** How each parameter is asked for: its controls, what stands in them now, and what was typed as the wire's value. */
interface Asked {
  fields: readonly FormField[]
  /** The value in force as it stands in the controls. */
  fill: (value: Value) => Values
  value: (fields: Record<string, unknown>) => Value
}

type Typed = Record<string, unknown>

const said = (v: unknown): string => (typeof v === 'string' || typeof v === 'number' ? String(v).trim() : '')
const numberIn = (v: unknown): string => /\d+/.exec(said(v))?.[0] ?? ''
const objectOf = (v: Value): Record<string, unknown> => (typeof v === 'object' ? v : {})

const number = (name: string, label: string, required = true, hint = ''): FormField => ({ name, kind: 'text', label, required, hint, max: 6, lines: 1, placeholder: '写数字' })
const line = (name: string, label: string, placeholder: string): FormField => text(name, label, placeholder, true, 200, 2)
const lines = (name: string, label: string, placeholder: string): FormField => ({ ...text(name, label, placeholder, false, 2000, 3), hint: '一行一个' })

/** 1 natural hour · 5 working days */
const amount = (n: string, unit: string): string => `${n} ${Number(n) === 1 ? unit.replace(/s$/, '') : unit}`

const written = (name: string, label: string, placeholder: string): Asked => ({
  fields: [line(name, label, placeholder)],
  fill: (v) => ({ [name]: said(v) }),
  value: (f) => said(f[name]),
})

const words = (code: string, label: string): Asked => ({
  fields: [{ name: 'value', kind: 'choice', label, required: true, options: Object.entries(valueWords[code] ?? {}).map(([value, title]) => ({ value, title, text: '' })) }],
  fill: (v) => ({ value: said(v) }),
  value: (f) => said(f.value),
})

const counted = (label: string, unit: string, none = ''): Asked => ({
  fields: [number('n', label, !none, none)],
  fill: (v) => ({ n: numberIn(v) }),
  value: (f) => (said(f.n) ? amount(said(f.n), unit) : 'none'),
})

/** Hours as people write them, and as the server reads them too. */
const typed = (wire: string): string => (wire === 'none' ? wire : hoursWords(wire).replace(/–/g, '-').replace(/、/g, ',').replace(/；/g, '; ').replace('调休上班日', '调休'))

const HOURS = 'natural hours'
const levels = Object.entries(severities)
const shares: readonly [string, string][] = [['R8', '响应超时'], ['S24', '方案超时'], ['Q5', '质量修复超时'], ['A3', '变更答复超时'], ['I1', '事件通报超时'], ['M', '维护缺项']]
const percent = (v: string): string => (v.endsWith('%') ? v : `${v}%`)
const listed = (v: unknown): string[] => said(v).split('\n').map((x) => x.trim()).filter(Boolean)

export const asked: Record<string, Asked> = {
  P1: { ...written('value', '工作时间（北京时间）', '周一至周五 09:00-12:00,13:30-18:00'), fill: (v) => ({ value: typed(said(v)) }) },
  P2: written('value', '日历来源', '国务院办公厅每年的节假日安排通知'),
  P3: words('P3', '等待甲方补充的时间'),
  P4: words('P4', '4.2 的 8 小时、24 小时'),
  P6: {
    fields: levels.flatMap(([level, name]) => [number(`${level}_response`, `${name}：几小时内响应`, false, '留空按 8 小时'), number(`${level}_solution`, `${name}：几小时内给方案`, false, '留空按 24 小时')]),
    fill: (v) => Object.fromEntries(levels.flatMap(([level]) => {
      const own = (objectOf(v)[level] ?? {}) as Typed
      return [[`${level}_response`, numberIn(own.response)], [`${level}_solution`, numberIn(own.solution)]]
    })),
    value: (f) => {
      const rows = levels.flatMap(([level]) => {
        const own = (['response', 'solution'] as const).flatMap((end) => (said(f[`${level}_${end}`]) ? [[end, amount(said(f[`${level}_${end}`]), HOURS)]] : []))
        return own.length ? [[level, Object.fromEntries(own) as Typed] as const] : []
      })
      return rows.length ? Object.fromEntries(rows) : 'none'
    },
  },
  P7: words('P7', '不上班那天收到的'),
  P8: words('P8', '自然日的最后一天是周末'),
  P9: counted('几个工作日不答复算确认（1 至 30）', 'working days', '留空：都不算'),
  P10: counted('关闭后多少天内可以重新打开（1 至 365）', 'natural days'),
  P11: {
    fields: [number('n', '发现后几小时内通知甲方（1 至 24）'), lines('notify', '依次通知谁', '姓名 电话；留空则名单不变')],
    fill: (v) => ({ n: numberIn(typeof v === 'object' ? v.hours : v), notify: '' }),
    value: (f) => (listed(f.notify).length ? { hours: Number(said(f.n)), notify: listed(f.notify) } : amount(said(f.n), HOURS)),
  },
  P12: {
    fields: [number('records', '履约记录留存几个月（36 至 360）'), number('logs', '网络日志留存几个月（6 至 120）')],
    fill: (v) => ({ records: said(objectOf(v).records_months), logs: said(objectOf(v).logs_months) }),
    value: (f) => ({ records_months: Number(said(f.records)), logs_months: Number(said(f.logs)) }),
  },
  P13: {
    fields: [
      { name: 'fee', kind: 'amount', label: '月费（元）', hint: '留空：不扣费', placeholder: '例如：10000' },
      ...shares.map(([code, name]): FormField => ({ ...number(code, `${name}每次扣几 %`, false, '留空：不扣'), placeholder: '例如：0.5' })),
      { ...number('cap', '每月最多扣几 %', false), placeholder: '例如：10' },
    ],
    fill: (v) => {
      const { monthly_fee_cents, shares: own, cap } = objectOf(v) as { monthly_fee_cents?: number; shares?: Record<string, string>; cap?: string }
      return { fee: monthly_fee_cents ? yuanOf(monthly_fee_cents) : '', cap: (cap ?? '').replace('%', ''), ...Object.fromEntries(Object.entries(own ?? {}).map(([k, x]) => [k, x.replace('%', '')])) }
    },
    value: (f) => {
      if (!f.fee) return 'none'
      const own = shares.flatMap(([code]) => (said(f[code]) ? [[code, percent(said(f[code]))]] : []))
      return { monthly_fee_cents: f.fee as number, shares: Object.fromEntries(own) as Typed, cap: percent(said(f.cap) || '0') }
    },
  },
  P14: counted('咨询几个工作小时内答复（1 至 200）', 'working hours'),
  P15: counted('申请后几个工作日内开票（1 至 60）', 'working days'),
  P16: {
    fields: [lines('client', '甲方代表', '姓名 职务'), lines('vendor', '乙方代表', '姓名 职务')],
    fill: () => ({}),
    value: (f) => (listed(f.client).length || listed(f.vendor).length ? { client: listed(f.client), vendor: listed(f.vendor) } : 'none'),
  },
}

/** The sheet in which a change is proposed. P5 has one answer only, so there is nothing to propose. */
export function proposalForm(code: string, title: string): Form | null {
  const own = asked[code]
  if (!own) return null
  return {
    title: `改${title}`,
    lead: '提出就是你这一方签了；对方也签之后，最早 1 分钟生效。',
    submit: '提出并签署',
    fields: [...own.fields, text('reason', '为什么改', '例如：年底结账，确认来不及', true, 500, 2), { name: 'effective_from', kind: 'time', label: '从什么时候起', placeholder: '不选：双方签完就生效' }],
    signs: WRITTEN,
  }
}
