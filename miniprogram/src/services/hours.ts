import { call } from './http'
import type { TraceLine } from './ticket-types'

/** What the agreement's calendar says: whether the vendor is at work now, and when a number of days is up. */
export interface SupportHours {
  open: boolean
  /** When it opens next; null while it is open. */
  opens_at: string | null
  /** Until when a question asked now is answered. */
  promised_at: string | null
}

export const getSupportHours = (): Promise<SupportHours> => call({ method: 'GET', path: '/support-hours' })

export interface DueAnswer {
  due_at: string
  provisional: boolean
  trace: TraceLine[]
}

export const dueOf = (ask: { start: string; unit: 'natural_hours' | 'working_hours' | 'working_days' | 'natural_days'; amount: number }): Promise<DueAnswer> =>
  call({ method: 'POST', path: '/calendar/due', body: ask })
