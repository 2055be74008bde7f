import { newKey } from './http'
import { Problem } from './problem'
import { me } from './session'
import { KINDS, type Kind } from './ticket-types'
import { newTicket, type Attachment, type NewTicket, type Ticket } from './tickets'

/** One draft per kind of ticket: what was typed about an invoice does not stand in the way of reporting a fault. */
const QUIET = 400
const slot = (kind: Kind): string => `draft:${kind}`

export interface Draft {
  values: Record<string, string>
  /** Only what the server already holds: a phone's temporary paths do not survive a restart. */
  files: Attachment[]
}

interface Kept extends Draft {
  owner: string
  /** One key for one report, kept with it, so that a resend is known to be the same report. */
  key: string
}

const kept = new Map<Kind, Kept>()
const timers = new Map<Kind, number>()
const calm = (kind: Kind): void => clearTimeout(timers.get(kind) ?? 0)
const sending = new Map<Kind, Promise<Ticket>>()

const fresh = (): Kept => ({ owner: me()?.id ?? '', key: newKey(), values: {}, files: [] })

function write(kind: Kind): void {
  const draft = kept.get(kind)
  if (draft) wx.setStorageSync(slot(kind), draft)
}

/** `restored`: there was something typed earlier, by this person, on this phone. */
export function openDraft(kind: Kind): Draft & { restored: boolean } {
  const found = (wx.getStorageSync(slot(kind)) as Partial<Kept> | '') || null
  const own = found?.values && found.owner === (me()?.id ?? '') ? { ...fresh(), ...found } : null
  const draft = own ?? fresh()
  kept.set(kind, draft)
  return { values: draft.values, files: draft.files, restored: own !== null }
}

/** Typing is frequent and storage is slow: the last change is written a moment later. */
export function keepDraft(kind: Kind, draft: Draft): void {
  kept.set(kind, { ...(kept.get(kind) ?? fresh()), ...draft })
  calm(kind)
  timers.set(kind, setTimeout(() => write(kind), QUIET))
}

/** Leaving the page, or about to send: nothing may be left to a timer. An untouched form leaves nothing behind. */
export function writeDraftNow(kind: Kind): void {
  calm(kind)
  const draft = kept.get(kind)
  if (draft && (draft.files.length || Object.values(draft.values).some(Boolean))) write(kind)
}

export function clearDraft(kind: Kind): void {
  calm(kind)
  kept.delete(kind)
  wx.removeStorageSync(slot(kind))
}

/** Whoever signs out leaves nothing on this phone. */
export const clearDrafts = (): void => KINDS.forEach(clearDraft)

/** After the server said a clear no, the next attempt is another report as far as the key is concerned. */
export function takeNewKey(kind: Kind): void {
  const draft = kept.get(kind)
  if (!draft) return
  kept.set(kind, { ...draft, key: newKey() })
  write(kind)
}

/** A second tap joins the first; a lost answer leaves draft and key as they are, ready to be sent again. */
export function sendDraft(kind: Kind, draft: Draft, body: Omit<NewTicket, 'kind'>): Promise<Ticket> {
  const running = sending.get(kind) ?? deliver(kind, draft, body).finally(() => sending.delete(kind))
  sending.set(kind, running)
  return running
}

async function deliver(kind: Kind, draft: Draft, body: Omit<NewTicket, 'kind'>): Promise<Ticket> {
  const own = { ...(kept.get(kind) ?? fresh()), ...draft }
  kept.set(kind, own)
  calm(kind)
  write(kind)
  try {
    const ticket = await newTicket({ ...body, kind } as NewTicket, own.key)
    clearDraft(kind)
    return ticket
  } catch (e) {
    const clearNo = e instanceof Problem && !e.unanswered && e.status < 500 && ![401, 409, 428, 429].includes(e.status)
    // A reused key means an earlier attempt did arrive: the page asks what to do, so the key must stay.
    if (clearNo && e.code !== 'IDEMPOTENCY_KEY_REUSED') takeNewKey(kind)
    throw e
  }
}
