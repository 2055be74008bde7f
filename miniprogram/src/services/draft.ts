import { newKey } from './http'
import { Problem } from './problem'
import { me } from './session'
import { reportFault, type Attachment, type NewFault, type Severity, type Ticket } from './tickets'

const KEY = 'draft:fault'
const QUIET = 400

export interface FaultDraft {
  title: string
  description: string
  severity: Severity
  scope: string
  steps_tried: string
  occurred_at: string
  contact: string
  /** Only what the server already holds: a phone's temporary paths do not survive a restart. */
  files: Attachment[]
}

interface Kept {
  owner: string
  /** One key for one report, kept with it, so that a resend is known to be the same report. */
  key: string
  fields: FaultDraft
}

export const emptyDraft = (): FaultDraft => ({
  title: '', description: '', severity: 'major', scope: '', steps_tried: '', occurred_at: '', contact: '', files: [],
})

let kept: Kept | null = null
let timer = 0

const fresh = (): Kept => ({ owner: me()?.id ?? '', key: newKey(), fields: emptyDraft() })
const write = (): void => {
  if (kept) wx.setStorageSync(KEY, kept)
}

/** `restored`: there was something typed earlier, by this person, on this phone. */
export function openDraft(): { fields: FaultDraft; restored: boolean } {
  const found = (wx.getStorageSync(KEY) as Kept | '') || null
  const own = found?.owner === (me()?.id ?? '') ? found : null
  kept = own ?? fresh()
  return { fields: kept.fields, restored: own !== null }
}

/** Typing is frequent and storage is slow: the last change is written a moment later. */
export function keepDraft(fields: FaultDraft): void {
  kept = { ...(kept ?? fresh()), fields }
  clearTimeout(timer)
  timer = setTimeout(write, QUIET)
}

/** Leaving the page, or about to send: nothing may be left to a timer. */
export function writeDraftNow(): void {
  clearTimeout(timer)
  write()
}

export function clearDraft(): void {
  clearTimeout(timer)
  kept = null
  wx.removeStorageSync(KEY)
}

/** After the server said a clear no, the next attempt is another report as far as the key is concerned. */
export function takeNewKey(): void {
  if (!kept) return
  kept = { ...kept, key: newKey() }
  write()
}

let sending: Promise<Ticket> | null = null

/** A second tap joins the first; a lost answer leaves draft and key as they are, ready to be sent again. */
export function sendDraft(fields: FaultDraft): Promise<Ticket> {
  sending ??= deliver(fields).finally(() => (sending = null))
  return sending
}

async function deliver(fields: FaultDraft): Promise<Ticket> {
  kept = { ...(kept ?? fresh()), fields }
  writeDraftNow()
  try {
    const ticket = await reportFault(asFault(fields), kept.key)
    clearDraft()
    return ticket
  } catch (e) {
    const clearNo = e instanceof Problem && !e.unanswered && e.status < 500 && ![401, 409, 428, 429].includes(e.status)
    // A reused key means an earlier attempt did arrive: the page asks what to do, so the key must stay.
    if (clearNo && e.code !== 'IDEMPOTENCY_KEY_REUSED') takeNewKey()
    throw e
  }
}

function asFault(d: FaultDraft): NewFault {
  const some = (v: string): string | undefined => v.trim() || undefined
  return {
    title: d.title.trim(),
    description: d.description.trim(),
    severity: d.severity,
    ...dropEmpty({ occurred_at: some(d.occurred_at), scope: some(d.scope), steps_tried: some(d.steps_tried), contact: some(d.contact) }),
    ...(d.files.length ? { attachment_ids: d.files.map((f) => f.id) } : {}),
  }
}

const dropEmpty = (o: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(o).flatMap(([k, v]) => (v ? [[k, v]] : [])))
