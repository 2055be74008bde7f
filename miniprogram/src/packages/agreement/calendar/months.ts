import type { CalendarDay } from '../../../services/agreement'
import { dayWords } from '../../../words/agreement'

export interface Cell {
  key: string
  /** Empty before the first of the month. */
  day: string
  look: string
  mark: string
  spoken: string
  today: boolean
}

export interface Month {
  name: string
  cells: Cell[]
  notes: string[]
}

const COLUMNS = 7
const blank = (key: string): Cell => ({ key, day: '', look: '', mark: '', spoken: '', today: false })

const spans = (days: number[]): string => {
  const groups: number[][] = []
  for (const d of days) {
    const last = groups[groups.length - 1]
    if (last?.[last.length - 1] === d - 1) last.push(d)
    else groups.push([d])
  }
  return groups.map((g) => (g.length > 1 ? `${g[0] ?? ''}–${g[g.length - 1] ?? ''} 日` : `${g[0] ?? ''} 日`)).join('、')
}

/** Under each month, in words: which days are off and which are made up. */
function notesOf(days: CalendarDay[]): string[] {
  const names = [...new Set(days.filter((d) => d.kind === 'holiday').map((d) => d.name ?? '节假日'))]
  const holidays = names.map((name) => `${name} 放假 ${spans(days.filter((d) => d.kind === 'holiday' && (d.name ?? '节假日') === name).map((d) => Number(d.date.slice(8))))}`)
  const made = days.filter((d) => d.kind === 'make_up').map((d) => Number(d.date.slice(8)))
  return [...holidays, ...(made.length ? [`调休上班 ${spans(made)}`] : [])]
}

/** A year as months whose weeks begin on Monday. */
export function monthsOf(days: readonly CalendarDay[], today: string): Month[] {
  return Array.from({ length: 12 }, (_, m): Month => {
    const own = days.filter((d) => Number(d.date.slice(5, 7)) === m + 1)
    const first = own[0] ? (new Date(`${own[0].date}T00:00:00Z`).getUTCDay() + COLUMNS - 1) % COLUMNS : 0
    const cell = (d: CalendarDay): Cell => {
      const { word, mark } = dayWords[d.kind]
      return { key: d.date, day: String(Number(d.date.slice(8))), look: d.kind, mark, spoken: `${m + 1}月${Number(d.date.slice(8))}日 ${d.name ?? ''}${word}`, today: d.date === today }
    }
    return { name: `${m + 1} 月`, cells: [...Array.from({ length: first }, (_x, i) => blank(`${m}-${i}`)), ...own.map(cell)], notes: notesOf(own) }
  })
}
