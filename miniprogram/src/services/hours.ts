import { call } from './http'
import type { OutsideHours, TraceLine } from './ticket-types'

/** What the agreement's calendar says: whether the vendor is at work now, and when a number of days is up. */
export interface SupportHours {
  outside_hours: OutsideHours | null
}

export const getSupportHours = (): Promise<SupportHours> => call({ method: 'GET', path: '/support-hours' })

export interface DueAnswer {
  due_at: string
  provisional: boolean
  trace: TraceLine[]
}

export const dueOf = (ask: { start: string; unit: 'natural_hours' | 'working_hours' | 'working_days' | 'natural_days'; amount: number }): Promise<DueAnswer> =>
  call({ method: 'POST', path: '/calendar/due', body: ask })
