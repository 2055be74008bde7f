import { vi } from 'vitest'

/** Just enough of `wx` for the services: storage, login, and a server made of functions. */
export interface Sent {
  method: string
  path: string
  data: Record<string, unknown> | undefined
  header: Record<string, string>
}

export interface Reply {
  status: number
  body?: unknown
  header?: Record<string, string>
}

/** 'lost': the server may have acted, but no answer comes back. */
export type Server = (sent: Sent) => Reply | 'lost' | Promise<Reply | 'lost'>

export const store = new Map<string, unknown>()
export const sent: Sent[] = []
let server: Server = () => ({ status: 500 })

export const serve = (next: Server): void => {
  server = next
}

interface RequestOptions {
  url: string
  method: string
  data?: Record<string, unknown>
  header: Record<string, string>
  success: (r: { statusCode: number; data: unknown; header: Record<string, string> }) => void
  fail: (r: { errMsg: string }) => void
}

const API = 'http://127.0.0.1:8080/api/v1'
const copy = (v: unknown): unknown => (v === undefined ? undefined : JSON.parse(JSON.stringify(v)))

export const wx = {
  getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
  getDeviceInfo: () => ({ brand: 'Apple', model: 'iPhone 15', platform: 'ios' }),
  getStorageSync: (key: string) => copy(store.get(key)) ?? '',
  setStorageSync: vi.fn((key: string, v: unknown) => void store.set(key, copy(v))),
  removeStorageSync: (key: string) => void store.delete(key),
  login: vi.fn(() => Promise.resolve({ code: 'once' })),
  navigateTo: vi.fn(),
  reLaunch: vi.fn(() => Promise.resolve()),
  request: vi.fn((o: RequestOptions) => {
    const call: Sent = { method: o.method, path: o.url.replace(API, ''), data: copy(o.data) as Sent['data'], header: o.header }
    sent.push(call)
    void Promise.resolve(server(call)).then((r) => {
      if (r === 'lost') o.fail({ errMsg: 'request:fail timeout' })
      else o.success({ statusCode: r.status, data: r.body ?? {}, header: r.header ?? {} })
    })
  }),
}

export function reset(): void {
  vi.resetModules()
  vi.clearAllMocks()
  store.clear()
  sent.length = 0
  vi.stubGlobal('wx', wx)
  vi.stubGlobal('getCurrentPages', () => [{ route: 'pages/home/home' }])
}

export const me = { id: 'p1', display_name: '陈雨', phone_masked: '138****1234', party: 'client', roles: ['employee'], department: '财务部', bound: true, consents: [] }

export const signedIn = (access = 'good', refresh = 'r1'): void => void store.set('session', { access, refresh, me })

export const answer = (access: string, refresh = `${access}-r`): object => ({ access_token: access, token_type: 'Bearer', expires_in: 900, refresh_token: refresh, me })

export const bearer = (s: Sent): string => (s.header.authorization ?? '').replace('Bearer ', '')
