// WeChat's privacy gate: with `?privacy=ask` the first API that touches personal data waits until the person agrees.
// An app that listens with wx.onNeedPrivacyAuthorization shows its own dialog; otherwise the phone shows one.
import { overlay } from './host/overlay'
import { storage } from './storage'
import { params } from './visitor'

type Verdict = { event: 'exposureAuthorization' | 'agree' | 'disagree'; buttonId?: string }
type Listener = (resolve: (verdict: Verdict) => void, info: { referrer: string }) => void

/** Which APIs WeChat holds back; a plain list, since the platform's own is one too. */
export const GATED = new Set(['chooseMedia', 'chooseImage', 'chooseMessageFile', 'getPhoneNumber', 'setClipboardData', 'saveImageToPhotosAlbum', 'requirePrivacyAuthorize', 'chooseAvatar'])

const NAME = '《用户隐私保护指引》'
let asks = params.get('privacy') === 'ask'
let listener: Listener | undefined

export const needsConsent = () => asks && storage.own('privacy') !== 'agreed'
export const setting = () => ({ needAuthorization: needsConsent(), privacyContractName: NAME })
export const onNeed = (f: Listener) => (listener = f)
/** For tests and the demo: whether this phone asks at all. */
export const ask = (on: boolean) => {
  asks = on
  if (on) storage.own('privacy', null)
}
export const agree = () => storage.own('privacy', 'agreed')

export async function pass(api: string): Promise<boolean> {
  if (!needsConsent()) return true
  const agreed = listener ? await asked(listener, api) : await offered()
  if (agreed) agree()
  return agreed
}

const asked = (f: Listener, api: string) =>
  new Promise<boolean>((done) => f((verdict) => verdict.event !== 'exposureAuthorization' && done(verdict.event === 'agree'), { referrer: api }))

const offered = async () =>
  (await overlay.modal({ title: '用户隐私保护提示', content: `使用前请阅读并同意${NAME}`, confirmText: '同意', cancelText: '拒绝' })).confirm as boolean
