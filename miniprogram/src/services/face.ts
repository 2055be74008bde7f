import { me, type Me, type Role } from './session'

/** Which of the two faces this person sees. Whoever may only read gets the client's words and no buttons. */
export type Face = 'client' | 'vendor' | 'reader'

const has = (m: Me, ...roles: Role[]): boolean => roles.some((r) => m.roles.includes(r))

export function faceOf(m: Me | null): Face {
  if (!m) return 'reader'
  if (has(m, 'vendor_agent', 'vendor_lead')) return 'vendor'
  return has(m, 'employee', 'client_manager') ? 'client' : 'reader'
}

export const face = (): Face => faceOf(me())
export const isManager = (): boolean => me()?.roles.includes('client_manager') ?? false
/** Whether this person watches a department: the manager, and whom the manager asked to. */
export const seesDepartment = (): boolean => isManager() || (me()?.roles.includes('department_viewer') ?? false)
/** Who may hand a code for a WeChat account to people of their own side. */
export const mayInvite = (m: Me): boolean => has(m, 'client_manager', 'vendor_lead', 'admin')
/** Who a sentence is said to: of each side, whether this person signs for it. */
export type Seat = 'client' | 'manager' | 'vendor' | 'lead'

export function seatOf(m: Me | null): Seat {
  if (faceOf(m) === 'vendor') return m && has(m, 'vendor_lead') ? 'lead' : 'vendor'
  return m && has(m, 'client_manager') ? 'manager' : 'client'
}

export const seat = (): Seat => seatOf(me())
/** Auditors read every ticket. An administrator keeps the platform and reads none. */
export const readsAll = (): boolean => me()?.roles.includes('auditor') ?? false

const homes: Record<Face, string> = { client: '/pages/home/home', vendor: '/pages/desk/desk', reader: '/pages/tickets/tickets' }

export const homePath = (): string => homes[face()]
