import { call } from './http'
import type { Category } from './learning'
import type { Attachment, ListOf, PersonRef } from './tickets'

/** Classes, 线上 or 线下: planned by both sides, attended in person, evidenced by a roster that both sign. */
export type ClassState = 'proposed' | 'agreed' | 'declined' | 'running' | 'held' | 'signed' | 'cancelled'
export type ClassMode = 'online' | 'on_site'
export type ClassScope = 'upcoming' | 'past' | 'mine'
export type ClassAction = 'agree' | 'decline' | 'change' | 'cancel' | 'enrol' | 'leave' | 'start' | 'mark_present' | 'finish' | 'sign_roster'

export interface Attendance {
  person: PersonRef
  signed_in_at: string | null
  method: string | null
  signed_out_at: string | null
}

export interface ClassSigned {
  by: PersonRef | null
  at: string
}

export interface TrainingClass {
  id: string
  number: string
  version: number
  category: Category
  course_id: string | null
  title: string
  mode: ClassMode
  place: string
  agenda: string
  starts_at: string
  ends_at: string
  trainer: PersonRef | null
  departments: string[]
  capacity: number | null
  state: ClassState
  agreed_by: PersonRef | null
  agreed_at: string | null
  /** Why it was declined or cancelled. */
  reason: string | null
  enrolled: number
  my: { enrolled: boolean; signed_in_at: string | null; signed_out_at: string | null }
  minutes: string | null
  photos: Attachment[]
  /** Only for those who may know who was there. */
  roster: Attendance[] | null
  signed: { client: ClassSigned | null; vendor: ClassSigned | null }
  allowed_actions: ClassAction[]
}

export interface SignInCode {
  code: string
  purpose: 'sign_in' | 'sign_out'
  expires_at: string
  refresh_in_ms: number
}

export const listClasses = (scope: ClassScope, cursor = ''): Promise<ListOf<TrainingClass>> => call({ method: 'GET', path: '/training-sessions', query: { scope, cursor } })
export const getClass = (id: string): Promise<TrainingClass> => call({ method: 'GET', path: `/training-sessions/${id}` })
export const proposeClass = (body: object, key: string): Promise<TrainingClass> => call({ method: 'POST', path: '/training-sessions', body, key })
export const actOnClass = (c: Pick<TrainingClass, 'id' | 'version'>, action: ClassAction, fields: object): Promise<TrainingClass> =>
  call({ method: 'POST', path: `/training-sessions/${c.id}/actions`, body: { action, ...fields }, version: c.version })

/** For the trainer's screen: lives for seconds, so that a relayed one is worth nothing. */
export const getSignInCode = (id: string, purpose: SignInCode['purpose'] | '' = ''): Promise<SignInCode> => call({ method: 'GET', path: `/training-sessions/${id}/sign-in-code`, query: { purpose } })
export const signIn = (id: string, code: string): Promise<TrainingClass> => call({ method: 'POST', path: `/training-sessions/${id}/sign-in`, body: { code } })
export const signOut = (id: string, code: string): Promise<TrainingClass> => call({ method: 'POST', path: `/training-sessions/${id}/sign-out`, body: { code } })
