import type { Basis, Obligation } from '../../../services/agreement'
import { now } from '../../../services/server-time'
import { recordWords } from '../../../words/places'
import { clockName, kindWords } from '../../../words/ticket'
import { timeWords } from '../../../words/time'

export interface DutyRow extends Obligation {
  name: string
  what: string
  due: string
}

const bases: Record<Basis, string> = { agreement: '', target: ' · 目标', statute: ' · 法定，供甲方参考' }
const kinds = kindWords as Record<string, { word: string } | undefined>

export const rowOf = (o: Obligation): DutyRow => ({
  ...o,
  name: clockName(o),
  what: `${kinds[o.record.kind]?.word ?? recordWords(o.record.kind)} ${o.record.number} · ${o.clause}${bases[o.basis]}`.trim(),
  due: `${timeWords(o.due_at, now())} 前${o.provisional ? '（暂定）' : ''}`,
})
