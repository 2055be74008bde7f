import { call, newKey } from './http'
import type { ListOf, PersonRef } from './tickets'

/** Courses as a learner sees them: what there is, how far one is, and the proof of it. */
export const CATEGORIES = ['operation', 'features', 'troubleshooting', 'security_privacy'] as const
export type Category = (typeof CATEGORIES)[number]
export const MATERIAL_KINDS = ['article', 'video', 'audio', 'pdf', 'slides', 'link', 'quiz'] as const
export type MaterialKind = (typeof MATERIAL_KINDS)[number]
export type LearningState = 'not_started' | 'in_progress' | 'completed'

export interface MyCourse {
  state: LearningState
  percent: number
  completed_at: string | null
  /** Something was added or changed since it was completed. */
  has_new: boolean
}

export interface CourseSummary {
  id: string
  category: Category
  title: string
  summary: string
  tags: string[]
  edition: number
  minutes: number
  items: number
  mandatory: boolean
  due_on: string | null
  my: MyCourse
  certificate: Certificate | null
}

export interface QuizState {
  pass_percent: number
  questions: number
  attempts_left: number
  next_attempt_at: string | null
  best_score: number | null
  passed: boolean
  open_attempt: string | null
}

export interface CourseItem {
  id: string
  kind: MaterialKind
  title: string
  required: boolean
  version_id: string
  version_no: number
  duration_ms: number | null
  pages: number | null
  min_coverage: number
  link: string | null
  my: { state: LearningState; coverage: number; position: number | null; completed_at: string | null; has_new: boolean }
  quiz: QuizState | null
}

export interface Course extends CourseSummary {
  sections: { title: string; items: CourseItem[] }[]
}

export interface MyMaterial {
  coverage: number
  /** What was really watched, in milliseconds. */
  intervals: [number, number][]
  position_ms: number
  page: number | null
  dwell_seconds: number
  completed: boolean
  seq: number
}

export interface Beside {
  id: string
  kind: MaterialKind
}

/** One page of slides: a picture, and what is said about it. */
export interface Slide {
  image_url: string
  alt: string
  html: string
}

export interface Material {
  id: string
  course_id: string
  kind: MaterialKind
  title: string
  version_id: string
  version_no: number
  html: string | null
  content_url: string | null
  captions_url: string | null
  slides: Slide[]
  link: string | null
  duration_ms: number | null
  pages: number | null
  min_coverage: number
  min_dwell_seconds: number
  /** For how long, in ms, a page of slides is shown in one beat to count. */
  page_ms: number
  my: MyMaterial
  next: Beside | null
  previous: Beside | null
}

/** Seconds of the recording that were played without a jump. */
export interface WatchBeat {
  seq: number
  from: number
  to: number
  position: number
}

/** Seconds spent with a document since the last beat. */
export interface DwellBeat {
  seq: number
  dwell_seconds: number
  page?: number
}

export type Beat = WatchBeat | DwellBeat

export interface Progress {
  coverage: number
  completed: boolean
  course: { percent: number; completed: boolean; certificate: Certificate | null }
  seq: number
}

export interface Option {
  key: string
  text: string
}

export interface Question {
  no: number
  kind: 'single' | 'multiple' | 'true_false'
  text: string
  options: Option[]
}

export interface Attempt {
  id: string
  quiz_id: string
  number: number
  questions: Question[]
  pass_percent: number
  started_at: string
  result: Result | null
}

export interface Judged {
  no: number
  right: boolean
  chosen: string[]
  correct: string[] | null
  explanation: string | null
}

export interface Result {
  score: number
  passed: boolean
  attempts_left: number
  next_attempt_at: string | null
  questions: Judged[]
  certificate: Certificate | null
}

export interface WrongAnswer {
  quiz_id: string
  course_id: string
  question: string
  options: Option[]
  chosen: string[]
  correct: string[]
  explanation: string | null
  at: string
}

export interface Certificate {
  check_code: string
  course_id: string
  course_title: string
  category: Category
  edition: number
  issued_on: string
  /** The course has a later edition; the certificate stays valid. */
  has_new: boolean
}

export interface CoverageRow {
  category: Category
  department: string
  people: number
  planned: number
  held: number
  attended: number
  started: number
  completed: number
  attempts: number
  passed: number
  pass_rate: number | null
  overdue: number
}

export interface Coverage {
  rows: CoverageRow[]
  totals: Omit<CoverageRow, 'department'>[]
}

export interface Learner {
  person: PersonRef
  department: string | null
  category: Category
  state: LearningState
  completed: number
  courses: number
  overdue: number
  attended: number
}

export const listCourses = (category: Category | '' = '', cursor = ''): Promise<ListOf<CourseSummary>> =>
  call({ method: 'GET', path: '/courses', query: { category, cursor, limit: 50 } })
export const getCourse = (id: string): Promise<Course> => call({ method: 'GET', path: `/courses/${id}` })
export const getMaterial = (id: string): Promise<Material> => call({ method: 'GET', path: `/materials/${id}` })

/** One beat as it happens, or what a bad network kept back. A repeated beat changes nothing. */
export const sendBeats = (material: string, player: string, beats: readonly Beat[]): Promise<Progress> =>
  call({ method: 'POST', path: `/materials/${material}/progress`, body: beats.length === 1 ? { player, ...beats[0] } : { player, beats } })

export const beginAttempt = (quiz: string): Promise<Attempt> => call({ method: 'POST', path: `/quizzes/${quiz}/attempts`, key: newKey() })
export const getAttempt = (id: string): Promise<Attempt> => call({ method: 'GET', path: `/attempts/${id}` })
export const submitAttempt = (id: string, answers: { no: number; chosen: string[] }[]): Promise<Result> => call({ method: 'POST', path: `/attempts/${id}/submit`, body: { answers } })
export const listWrongAnswers = (cursor = ''): Promise<ListOf<WrongAnswer>> => call({ method: 'GET', path: '/me/wrong-answers', query: { cursor } })
export const listCertificates = (): Promise<ListOf<Certificate>> => call({ method: 'GET', path: '/me/certificates' })

export const getCoverage = (span: { from?: string; to?: string } = {}): Promise<Coverage> => call({ method: 'GET', path: '/training/coverage', query: { ...span } })
export const listLearners = (filter: { category?: Category | ''; department?: string; cursor?: string }): Promise<ListOf<Learner>> =>
  call({ method: 'GET', path: '/training/people', query: { ...filter } })

/** What anybody may know about a certificate. */
export interface Checked {
  check_code: string
  valid: boolean
  initials: string
  course_title: string
  category: Category
  edition: number
  issued_on: string
  company: string | null
  has_new: boolean
}

export const checkCertificate = (code: string): Promise<Checked> => call({ method: 'GET', path: `/certificates/${code}`, open: true })
