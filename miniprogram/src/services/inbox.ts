import { call } from './http'
import type { ListOf } from './tickets'

/** What the system told this person: a line without personal data, and where it leads. */
export interface Notice {
  id: string
  event: string
  about: { kind: string; id: string; number: string }
  text: string
  urgent: boolean
  count: number
  at: string
  read_at: string | null
}

export interface Inbox extends ListOf<Notice> {
  /** 100 means a hundred or more. */
  unread: number
}

export const listInbox = (cursor?: string): Promise<Inbox> => call({ method: 'GET', path: '/inbox', query: { cursor, limit: 30 } })

export const markRead = (which: { ids: string[] } | { all_before: string }): Promise<{ unread: number }> => call({ method: 'POST', path: '/inbox/read', body: which })

/** Asked for beside other things: a count that cannot be had is no reason to show an error. */
export const countUnread = async (): Promise<number> => {
  try {
    return (await call<Inbox>({ method: 'GET', path: '/inbox', query: { limit: 1 } })).unread
  } catch {
    return 0
  }
}
