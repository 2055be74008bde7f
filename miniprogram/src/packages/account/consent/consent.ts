import { scale } from '../../../look'
import { getMe, getNotice, giveConsent, SERVICE, type Notice } from '../../../services/account'
import { settleConsent } from '../../../services/gate'
import { explain } from '../../../services/problem'

/** Opened by the gate in front of a refused call; the call goes on when this page says yes. */
Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready' | 'failed',
    reason: '',
    version: '',
    purpose: null as Notice['purposes'][number] | null,
    dataText: '',
    agreed: false,
    notice: '',
    busy: false,
  },

  given: false,

  onLoad() {
    void this.load()
  },

  onUnload() {
    settleConsent(this.given)
  },

  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { version, purposes } = await getNotice()
      const purpose = purposes.find((p) => p.purpose === SERVICE) ?? null
      this.setData({ phase: 'ready', version, purpose, dataText: purpose?.data.join('、') ?? '' })
    } catch (e) {
      this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  onAgree() {
    this.setData({ agreed: !this.data.agreed, notice: '' })
  },

  onNotice() {
    void wx.navigateTo({ url: '/packages/account/notice/notice' })
  },

  async onSubmit() {
    if (this.data.busy) return
    if (!this.data.agreed) {
      this.setData({ notice: '勾选后才能继续' })
      return
    }
    this.setData({ busy: true, notice: '' })
    try {
      await giveConsent(SERVICE, this.data.version)
      await getMe()
      this.given = true
      await wx.navigateBack()
    } catch (e) {
      this.setData({ busy: false, notice: explain(e) })
    }
  },
})
