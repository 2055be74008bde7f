// Who the person is to WeChat: login codes, phone, consent, subscriptions. Codes are good for one use.
import { overlay } from '../host/overlay'
import * as privacy from '../privacy'
import { onceCode, params } from '../visitor'
import { CallError, type Implementation } from './call'

const person = { nickName: '微信用户', avatarUrl: '', gender: 0, country: '', province: '', city: '', language: 'zh_CN' }
const MAX_TEMPLATES = 3

export const account: Record<string, Implementation> = {
  login: () => ({ code: onceCode('web') }),
  checkSession: () => ({}),
  getUserProfile: () => ({ userInfo: person }),
  getUserInfo: () => ({ userInfo: person }),
  getSetting: () => ({ authSetting: {}, subscriptionsSetting: { mainSwitch: true, itemSettings: {} } }),
  openSetting: () => ({ authSetting: {} }),
  authorize: () => ({}),
  getPrivacySetting: () => privacy.setting(),
  requirePrivacyAuthorize: () => ({}),
  openPrivacyContract: async () => {
    await overlay.modal({ title: privacy.setting().privacyContractName, content: '此处在微信中打开平台登记的隐私保护指引。', showCancel: false })
  },
  /** Accepts at once, as the fixed choice of someone who ticked "always"; `?subscribe=ask` or `reject` plays the others. */
  requestSubscribeMessage: async (o) => {
    const ids: string[] = o.tmplIds ?? []
    if (!ids.length) throw new CallError('TmplIds can\'t be empty', { errCode: 10001 })
    if (ids.length > MAX_TEMPLATES) throw new CallError('Templates count out of max bounds', { errCode: 20003 })
    const mode = params.get('subscribe')
    const accepted = mode === 'ask' ? (await overlay.modal({ title: '发送以下消息', content: `共 ${ids.length} 项通知`, confirmText: '允许', cancelText: '取消' })).confirm : mode !== 'reject'
    return Object.fromEntries(ids.map((id) => [id, accepted ? 'accept' : 'reject']))
  },
}
