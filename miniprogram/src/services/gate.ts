import { isCode } from './problem'

/**
 * Two refusals may meet any call: no consent yet, and not bound yet. The first is asked for on its own page, and the
 * call goes on afterwards; the second leads to the binding page for good.
 */
const CONSENT_PAGE = '/packages/account/consent/consent'
const BINDING_PAGE = '/packages/account/binding/binding'

let waiting: Promise<boolean> | null = null
/** Coming back from a "not now", the page below loads again by itself; that must not ask a second time. */
const RESPITE = 3000
let declinedAt = -RESPITE
let settle: ((given: boolean) => void) | null = null

/** True when the obstacle is gone and the call is worth sending again. */
export async function explainAtGate(e: unknown): Promise<boolean> {
  if (isCode(e, 'CONSENT_REQUIRED')) return askConsent()
  if (isCode(e, 'NOT_BOUND')) await toBinding()
  return false
}

/** Opens the consent page; callers who meet the refusal meanwhile wait for the same answer. */
function askConsent(): Promise<boolean> {
  if (Date.now() - declinedAt < RESPITE) return Promise.resolve(false)
  waiting ??= new Promise<boolean>((resolve) => {
    settle = resolve
    wx.navigateTo({ url: CONSENT_PAGE, fail: () => resolve(false) })
  }).finally(() => {
    waiting = null
    settle = null
  })
  return waiting
}

/** The consent page says how it went; leaving it counts as "not now". */
export function settleConsent(given: boolean): void {
  if (!given) declinedAt = Date.now()
  settle?.(given)
}

async function toBinding(): Promise<void> {
  const shown = getCurrentPages().slice(-1)[0]
  if (shown && `/${shown.route}` === BINDING_PAGE) return
  await wx.reLaunch({ url: BINDING_PAGE })
}
