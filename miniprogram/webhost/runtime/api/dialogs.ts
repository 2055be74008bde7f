// Toasts, dialogs, clipboard, calls, vibration: what the phone itself says or does for a page.
import { overlay } from '../host/overlay'
import { CallError, type Implementation } from './call'

let clipboard = ''
const nothing = () => ({})

export const dialogs: Record<string, Implementation> = {
  showToast: overlay.showToast,
  showLoading: overlay.showLoading,
  hideToast: overlay.hideToast,
  hideLoading: overlay.hideToast,
  showModal: overlay.modal,
  showActionSheet: async (o) => {
    if (o.itemList.length > 6) throw new CallError('itemList should not be larger than 6')
    const chosen = await overlay.actionSheet(o)
    if (!chosen) throw new CallError('cancel')
    return chosen
  },
  setClipboardData: (o) => {
    clipboard = String(o.data)
    overlay.showToast({ title: '内容已复制', icon: 'none' })
  },
  getClipboardData: () => ({ data: clipboard }),
  makePhoneCall: async (o) => {
    const { confirm } = await overlay.modal({ title: '拨打电话', content: o.phoneNumber, confirmText: '呼叫' })
    if (!confirm) throw new CallError('cancel')
  },
  /** A browser has no camera to point: what the code says is typed. */
  scanCode: async () => {
    const { confirm, content } = await overlay.modal({ title: '扫码', editable: true, placeholderText: '码里的内容', confirmText: '扫到了' })
    if (!confirm || !content) throw new CallError('cancel')
    return { result: content, scanType: 'QR_CODE', charSet: 'UTF-8', path: '', rawData: '' }
  },
  vibrateShort: nothing, vibrateLong: nothing,
  hideKeyboard: () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  },
  showShareMenu: nothing, hideShareMenu: nothing, updateShareMenu: nothing, loadFontFace: nothing, setKeepScreenOn: nothing, openLocation: nothing,
  openCustomerServiceChat: nothing, navigateToMiniProgram: nothing, exitMiniProgram: nothing, setInnerAudioOption: nothing, setVisualEffectOnCapture: nothing,
}
