import type { MaintenanceKind } from '../../../services/agreement'
import { maintenanceWords } from '../../../words/agreement'
import { spanWords } from '../../../words/countdown'
import { timeWords } from '../../../words/time'

/** One kind of maintenance and whether its rhythm is kept. */
export interface Rhythm {
  kind: MaintenanceKind
  title: string
  icon: string
  every: string
  last: string
  due: string
  overdue: boolean
}

const DAY = 86_400_000
const OFFSET = 8 * 3_600_000

/** The end, in Beijing, of the last day of the rhythm. */
const dueOf = (last: number, days: number): number => (Math.floor((last + OFFSET) / DAY) + days + 1) * DAY - OFFSET - 1

/** `began`: the day the maintenance period began; `null` outside it, when nothing is owed. */
export function rhythmOf(kind: MaintenanceKind, last: string | null, began: string | null, now: number): Rhythm {
  const { title, icon, text, days } = maintenanceWords[kind]
  const start = began ? Date.parse(`${began}T00:00:00+08:00`) : null
  const from = start === null ? null : Math.max(start, last ? Date.parse(last) : start)
  const due = from === null ? null : dueOf(from, days)
  const overdue = due !== null && due < now
  return {
    kind,
    title,
    icon,
    every: `${text}一次`,
    last: last ? `上次 ${timeWords(last, now)}` : '还没有记录',
    due: due === null ? '' : overdue ? `已超 ${spanWords(now - due)}` : `最晚 ${timeWords(new Date(due).toISOString(), now)}`,
    overdue,
  }
}
