// wx storage on localStorage, one drawer per person (`?user=`), so that two phones on one screen stay apart.
// Values keep their JSON type; the host's own notes about a person lie beside them under another prefix.
import { user } from './visitor'

const LIMIT_KB = 10 * 1024
const prefix = `wx:${user}:`
const note = (name: string) => `host:${user}:${name}`
const keys = () => Object.keys(localStorage).filter((k) => k.startsWith(prefix)).map((k) => k.slice(prefix.length))

export const storage = {
  get(key: string): unknown {
    const raw = localStorage.getItem(prefix + key)
    return raw === null ? '' : JSON.parse(raw)
  },
  has: (key: string) => localStorage.getItem(prefix + key) !== null,
  set(key: string, data: unknown) {
    const raw = JSON.stringify(data ?? null)
    // One value may hold 1 MB on a phone; here too, so that a page which tries more fails in time.
    if (raw.length > 1024 * 1024) throw new Error('setStorage:fail entry size limit reached')
    localStorage.setItem(prefix + key, raw)
  },
  remove: (key: string) => localStorage.removeItem(prefix + key),
  clear: () => keys().forEach((key) => localStorage.removeItem(prefix + key)),
  info: () => ({
    keys: keys(),
    currentSize: Math.ceil(keys().reduce((sum, key) => sum + key.length + (localStorage.getItem(prefix + key)?.length ?? 0), 0) / 1024),
    limitSize: LIMIT_KB,
  }),
  /** The host's own note: read with one argument, written with two, removed with null. */
  own(name: string, value?: string | null) {
    if (value === null) localStorage.removeItem(note(name))
    else if (value !== undefined) localStorage.setItem(note(name), value)
    return localStorage.getItem(note(name))
  },
}
