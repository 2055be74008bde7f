import { call } from './http'
import type { Category, MaterialKind, Slide } from './learning'
import type { ListOf } from './tickets'

/** Courses as the vendor writes them; nobody of the client ever sees a draft. */
export const COURSE_STATES = ['draft', 'in_review', 'approved', 'published', 'withdrawn'] as const
export type CourseState = (typeof COURSE_STATES)[number]
export const COURSE_ACTIONS = ['submit_for_review', 'return_draft', 'approve', 'publish', 'withdraw', 'revise'] as const
export type CourseAction = (typeof COURSE_ACTIONS)[number]

export interface WorkSummary {
  id: string
  slug: string
  category: Category
  title: string
  state: CourseState
  edition: number
  version: number
  items: number
  updated_at: string
  /** Something was written that no edition has yet. */
  draft: boolean
}

export interface WorkItem {
  id: string
  key: string
  kind: MaterialKind
  title: string
  required: boolean
  draft_version: number | null
  published_version: number | null
  body_md: string | null
  /** The plain form of a quiz, as it is imported. */
  questions_text: string | null
  link: string | null
  media: { media_type: string; size: number; duration_ms: number | null; pages: number | null; content_url: string } | null
  slides: Slide[]
  captions: string | null
}

export interface Work extends WorkSummary {
  summary: string
  tags: string[]
  mandatory_for: string[]
  due_days: number | null
  reason: string | null
  sections: { title: string; items: WorkItem[] }[]
  allowed_actions: CourseAction[]
}

type Versioned = Pick<Work, 'id' | 'version'>

export const listWork = (state: CourseState | '' = '', cursor = ''): Promise<ListOf<WorkSummary>> => call({ method: 'GET', path: '/authoring/courses', query: { state, cursor } })
export const getWork = (id: string): Promise<Work> => call({ method: 'GET', path: `/authoring/courses/${id}` })
export const newCourse = (body: object, key: string): Promise<Work> => call({ method: 'POST', path: '/courses', body, key })
export const changeCourse = (w: Versioned, body: object): Promise<Work> => call({ method: 'PATCH', path: `/courses/${w.id}`, body, version: w.version })
export const newItem = (w: Versioned, body: object, key: string): Promise<Work> => call({ method: 'POST', path: `/courses/${w.id}/items`, body, key, version: w.version })
export const changeItem = (w: Versioned, item: string, body: object): Promise<Work> => call({ method: 'PATCH', path: `/courses/${w.id}/items/${item}`, body, version: w.version })
export const removeItem = (w: Versioned, item: string): Promise<Work> => call({ method: 'DELETE', path: `/courses/${w.id}/items/${item}`, version: w.version })
export const actOnCourse = (w: Versioned, action: CourseAction, fields: object): Promise<Work> =>
  call({ method: 'POST', path: `/courses/${w.id}/actions`, body: { action, ...fields }, version: w.version })
export const preview = (body_md: string): Promise<{ html: string }> => call({ method: 'POST', path: '/courses/preview', body: { body_md } })

/** A closed ticket as a redacted draft among the frequent questions. */
export const articleFrom = (ticket: string, key: string): Promise<Work & { item_id: string }> => call({ method: 'POST', path: `/tickets/${ticket}/article`, key })
