import { call } from './http'
import { forget, rememberMe, type Consent, type Me } from './session'
import type { ListOf, PersonRef } from './tickets'

export interface Notice {
  version: string
  effective_at: string
  title: string
  controller: string
  contact: string
  purposes: { purpose: string; title: string; data: string[]; basis: string; retention: string; required: boolean }[]
  text: string
}

export interface Device {
  id: string
  device: string
  created_at: string
  last_seen_at: string
  current: boolean
}

export interface Access {
  at: string
  viewer: PersonRef
  purpose: string
  fields: string[]
  ticket_number: string | null
}

/** Handling faults at all; without it the server answers 428 to every ticket call. */
export const SERVICE = 'service'

const remembered = (fresh: Me): Me => {
  rememberMe(fresh)
  return fresh
}

export const getMe = (): Promise<Me> => call<Me>({ method: 'GET', path: '/me' }).then(remembered)

export type Binding = { invitation: string } | { phone_code: string; employee_no: string }

export const bind = (how: Binding): Promise<Me> => call<Me>({ method: 'POST', path: '/me/binding', body: how }).then(remembered)

/** Needs no session: a person may read it before anything about them is known. */
export const getNotice = (): Promise<Notice> => call({ method: 'GET', path: '/privacy/notice', open: true })

export const giveConsent = (purpose: string, notice_version: string): Promise<Consent> =>
  call({ method: 'POST', path: '/privacy/consents', body: { purpose, notice_version } })

export const withdrawConsent = (purpose: string): Promise<void> => call({ method: 'DELETE', path: `/privacy/consents/${purpose}` })

export const listDevices = (): Promise<ListOf<Device>> => call({ method: 'GET', path: '/sessions' })

export const revokeDevice = (id: string): Promise<void> => call({ method: 'DELETE', path: `/sessions/${id}` })

export const listAccess = (cursor?: string): Promise<ListOf<Access>> => call({ method: 'GET', path: '/me/access-log', query: { cursor } })

export interface Invitation {
  person: PersonRef
  code: string
  expires_at: string
  /** Whoever uses it takes the place of the person's WeChat account. */
  replaces: boolean
}

/** The code is in this answer alone. */
export const invite = (employee_no: string, replace: boolean): Promise<Invitation> =>
  call({ method: 'POST', path: '/people/invitations', body: { employee_no, replace } })

export const listDelegates = (): Promise<ListOf<{ person: PersonRef }>> => call({ method: 'GET', path: '/people/delegates' })

export const delegate = (employee_no: string): Promise<{ person: PersonRef }> => call({ method: 'POST', path: '/people/delegates', body: { employee_no } })

export const revokeDelegation = (id: string): Promise<void> => call({ method: 'DELETE', path: `/people/delegates/${id}` })

/** Forgets the session here even when the server cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await call({ method: 'DELETE', path: '/sessions/current' })
  } finally {
    forget()
  }
}
