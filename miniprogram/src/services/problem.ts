/** What the server refused, or what kept us from reaching it: one typed error for every page. */
export interface FieldProblem {
  field: string
  code: string
  message: string
}

interface ProblemBody {
  code?: unknown
  title?: unknown
  detail?: unknown
  errors?: unknown
  allowed_actions?: unknown
  request_id?: unknown
  earliest_on?: unknown
}

const said = (v: unknown): string => (typeof v === 'string' ? v : '')

export class Problem extends Error {
  constructor(
    /** 0: no answer at all. */
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail = '',
    readonly fields: FieldProblem[] = [],
    readonly allowedActions: string[] = [],
    /** Seconds, as the server asked in Retry-After. */
    readonly retryAfter: number | null = null,
    readonly requestId = '',
    /** LEAD_TIME_SHORT: the first date that the agreement allows. */
    readonly earliestOn = '',
  ) {
    super(detail || title)
  }

  /** Nobody can say whether the server acted: send again with the same key, never with another. */
  get unanswered(): boolean {
    return this.status === 0 || this.status >= 500
  }

  /** field name -> what to show under it */
  get byField(): Record<string, string> {
    return Object.fromEntries(this.fields.map((f) => [f.field, f.message]))
  }
}

export const noAnswer = (timedOut: boolean): Problem =>
  timedOut
    ? new Problem(0, 'TIMEOUT', '等太久了，还没有回音', '网络有些慢，请再试一次')
    : new Problem(0, 'NETWORK', '网络不通', '请检查网络后再试一次')

const fallback = (status: number): string => {
  if (status === 404) return '没有找到，或者你看不到它'
  if (status === 403) return '你的角色不能这样做'
  if (status === 429) return '操作有点快'
  return status >= 500 ? '服务暂时忙不过来' : '这一步没有办成'
}

/** Reads problem+json; whatever else a proxy may answer becomes a line a person can read. */
export function readProblem(status: number, body: unknown, header: Record<string, unknown>): Problem {
  const b: ProblemBody = typeof body === 'object' && body !== null ? body : {}
  const after = Number(headerOf(header, 'retry-after'))
  const retryAfter = Number.isFinite(after) && after > 0 ? Math.ceil(after) : null
  const title = said(b.title) || fallback(status)
  const wait = (status === 429 || status === 503) && retryAfter !== null ? `请 ${waitWords(retryAfter)}后再试` : ''
  const detail = said(b.detail)
  return new Problem(
    status,
    said(b.code) || `HTTP_${status}`,
    title,
    wait && !detail.includes('后再试') ? `${detail || title}，${wait}` : detail,
    Array.isArray(b.errors) ? (b.errors as FieldProblem[]) : [],
    Array.isArray(b.allowed_actions) ? (b.allowed_actions as string[]) : [],
    retryAfter,
    said(b.request_id),
    said(b.earliest_on),
  )
}

/** Header names arrive in any case. */
export function headerOf(header: Record<string, unknown>, name: string): string {
  const key = Object.keys(header).find((k) => k.toLowerCase() === name)
  return key === undefined ? '' : said(header[key])
}

const waitWords = (seconds: number): string => (seconds < 60 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`)

/** The one line a person should read when something failed. */
export const explain = (e: unknown): string => {
  if (!(e instanceof Problem)) return '出了点意外，请再试一次'
  const [first] = e.fields
  return first?.message ?? (e.detail || e.title)
}

export const isCode = (e: unknown, ...codes: string[]): e is Problem => e instanceof Problem && codes.includes(e.code)
