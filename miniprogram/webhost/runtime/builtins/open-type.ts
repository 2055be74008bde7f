// A button's open-type: what WeChat itself answers to a tap. A phone number is asked for as WeChat asks for it.
import { chooseFiles } from '../host/file-chooser'
import { overlay } from '../host/overlay'
import * as privacy from '../privacy'
import { keep } from '../temp-files'
import { stubbed } from '../test-hooks'
import { onceCode, params } from '../visitor'

type Fire = (event: string, detail: unknown) => void

async function phoneNumber(fire: Fire) {
  if (!(await privacy.pass('getPhoneNumber'))) return fire('getphonenumber', { errMsg: 'getPhoneNumber:fail privacy permission is not authorized', errno: 104 })
  const ask = params.get('phone') === 'ask'
  const { confirm } = ask ? await overlay.modal({ title: '申请获取你的手机号', content: '138****0000', confirmText: '允许', cancelText: '不允许' }) : { confirm: true }
  if (!confirm) return fire('getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' })
  fire('getphonenumber', await stubbed('getPhoneNumber', () => ({ code: onceCode('phone'), errMsg: 'getPhoneNumber:ok' })))
}

async function avatar(fire: Fire) {
  const [file] = await chooseFiles('image/*', 1)
  if (file) fire('chooseavatar', { avatarUrl: keep(file, file.name).path })
}

const answers: Record<string, (fire: Fire) => unknown> = {
  getPhoneNumber: phoneNumber,
  chooseAvatar: avatar,
  openSetting: (fire) => fire('opensetting', { authSetting: {}, errMsg: 'openSetting:ok' }),
  contact: (fire) => fire('contact', { path: '', query: {} }),
  share: () => overlay.showToast({ title: '转发给好友', icon: 'none' }),
  feedback: () => overlay.showToast({ title: '意见反馈', icon: 'none' }),
  agreePrivacyAuthorization: (fire) => {
    privacy.agree()
    fire('agreeprivacyauthorization', { errMsg: 'agreePrivacyAuthorization:ok' })
  },
}

/** `getPhoneNumber|agreePrivacyAuthorization` does both, as WeChat allows. */
export async function openType(types: string, fire: Fire) {
  for (const type of types.split('|').reverse()) await answers[type]?.(fire)
}
