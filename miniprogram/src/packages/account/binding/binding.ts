import { scale } from '../../../look'
import { bind, getMe, getNotice, giveConsent, SERVICE, type Binding } from '../../../services/account'
import { homePath } from '../../../services/face'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import type { Me } from '../../../services/session'

interface PhoneDetail {
  code?: string
  errMsg: string
}

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready' | 'failed',
    reason: '',
    me: null as Me | null,
    version: '',
    way: 'invitation' as 'invitation' | 'phone',
    invitation: '',
    employeeNo: '',
    agreed: false,
    error: '',
    notice: '',
    busy: false,
    /** Seconds until another try is allowed. */
    wait: 0,
  },

  blockedUntil: 0,

  onLoad() {
    void this.load()
  },

  async load() {
    this.setData({ phase: 'loading' })
    try {
      const [me, { version }] = await Promise.all([getMe(), getNotice()])
      if (me.bound) {
        await wx.switchTab({ url: homePath() })
        return
      }
      this.setData({ phase: 'ready', me, version })
    } catch (e) {
      this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  onWay(e: WechatMiniprogram.TouchEvent<object, object, { way: 'invitation' | 'phone' }>) {
    this.setData({ way: e.currentTarget.dataset.way, error: '', notice: '' })
  },

  onInvitation(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ invitation: e.detail.value.trim(), error: '' })
  },

  onEmployeeNo(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ employeeNo: e.detail.value.trim(), error: '' })
  },

  onAgree() {
    this.setData({ agreed: !this.data.agreed, notice: '' })
  },

  onNotice() {
    void wx.navigateTo({ url: '/packages/account/notice/notice' })
  },

  ready(): boolean {
    const { agreed, way, invitation, employeeNo, busy } = this.data
    if (busy) return false
    if (now() < this.blockedUntil) {
      this.setData({ notice: `试得有点多，请 ${Math.ceil((this.blockedUntil - now()) / 1000)} 秒后再来` })
      return false
    }
    if (way === 'invitation' ? !invitation : !employeeNo) {
      this.setData({ error: way === 'invitation' ? '请填邀请码' : '请先填工号' })
      return false
    }
    if (!agreed) this.setData({ notice: '请先勾选同意，再绑定' })
    return agreed
  },

  onInvite() {
    if (this.ready()) void this.bind({ invitation: this.data.invitation })
  },

  /** Without a number or consent the button is an ordinary one, so that WeChat's dialog does not come up in vain. */
  onNotReady() {
    this.ready()
  },

  onPhone(e: WechatMiniprogram.CustomEvent<PhoneDetail>) {
    if (!e.detail.code) {
      this.setData({ notice: '没有拿到手机号，也可以用邀请码绑定' })
      return
    }
    if (this.ready()) void this.bind({ phone_code: e.detail.code, employee_no: this.data.employeeNo })
  },

  async bind(how: Binding) {
    this.setData({ busy: true, error: '', notice: '' })
    try {
      await bind(how)
      await giveConsent(SERVICE, this.data.version)
      void wx.showToast({ title: '绑定好了' })
      await getMe()
      await wx.switchTab({ url: homePath() })
    } catch (e) {
      if (isCode(e, 'ALREADY_BOUND')) {
        await this.load()
        return
      }
      if (isCode(e, 'BINDING_TRIES_EXCEEDED')) this.blockedUntil = now() + (e.retryAfter ?? 60) * 1000
      if (isCode(e, 'BINDING_REFUSED')) this.setData({ error: '对不上，请核对后再试；仍不行，请经理再发一个邀请码' })
      else this.setData({ notice: explain(e) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
