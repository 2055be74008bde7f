import { call } from './http'
import type { Category, MaterialKind } from './learning'
import type { Kind, State } from './ticket-types'

/** Finding what somebody wrote down already, before asking for it again. */
export interface Piece {
  text: string
  hit: boolean
}

/** For a list on the screen, which wants to tell its parts apart. */
export const parts = (pieces: readonly Piece[]): (Piece & { at: number })[] => pieces.map((p, at) => ({ ...p, at }))

export interface Hit {
  type: 'material' | 'ticket'
  id: string
  course_id: string | null
  kind: MaterialKind | Kind
  title: Piece[]
  excerpt: Piece[]
  number: string | null
  state: State | null
  category: Category | null
}

export interface Found {
  items: Hit[]
  total: number
}

export const search = (q: string, places: readonly ('tickets' | 'materials')[], limit = 30): Promise<Found> =>
  call({ method: 'GET', path: '/search', query: { q, in: places.join(','), limit } })

export const suggest = (title: string, description: string): Promise<{ id: string; items: Hit[] }> => call({ method: 'POST', path: '/suggestions', body: { title, description } })
/** An article answered it: counted, without who or what. */
export const solved = (suggestion: string, material: string): Promise<void> => call({ method: 'POST', path: `/suggestions/${suggestion}/solved`, body: { material_id: material } })
export const suggestionSummary = (): Promise<{ asked: number; solved: number }> => call({ method: 'GET', path: '/suggestions/summary' })
