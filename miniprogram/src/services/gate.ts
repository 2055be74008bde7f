import { isCode } from './problem'

/**
 * Two refusals may meet any call: no consent yet, and not bound yet. The first is asked for on its own page, and the
 * call goes on afterwards; the second leads to the binding page for good.
 */
const CONSENT_PAGE = '/packages/account/consent/consent'
const BINDING_PAGE = '/packages/account/binding/binding'

let waiting: Promise<boolean> | null = null
let settle: ((given: boolean) => void) | null = null

/** True when the obstacle is gone and the call is worth sending again. */
export async function explainAtGate(e: unknown): Promise<boolean> {
  if (isCode(e, 'CONSENT_REQUIRED')) return askConsent()
  if (isCode(e, 'NOT_BOUND')) await toBinding()
  return false
}

/** Opens the consent page; callers who meet the refusal meanwhile wait for the same answer. */
function askConsent(): Promise<boolean> {
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
export const settleConsent = (given: boolean): void => settle?.(given)

async function toBinding(): Promise<void> {
  const shown = getCurrentPages().slice(-1)[0]
  if (shown && `/${shown.route}` === BINDING_PAGE) return
  await wx.reLaunch({ url: BINDING_PAGE })
}
