import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getMe, getNotice, withdrawConsent, type Notice } from '../../../services/account'
import { explain } from '../../../services/problem'
import { me } from '../../../services/session'
import { exactWords } from '../../../words/time'

type Purpose = Notice['purposes'][number] & { dataText: string; given: string }

/** Read by everyone at any time; before the first binding it is the first thing shown. */
Page({
  data: {
    scale,
    ...loading,
    first: false,
    notice: null as Notice | null,
    effective: '',
    purposes: [] as Purpose[],
  },

  onLoad(query: { first?: string }) {
    this.setData({ first: query.first === '1' })
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const notice = await getNotice()
      const given = new Map((me()?.consents ?? []).map((c) => [c.purpose, c.given_at]))
      const purposes = notice.purposes.map((p) => ({ ...p, dataText: p.data.join('、'), given: exactWords(given.get(p.purpose) ?? '') }))
      this.setData({ phase: 'ready', notice, purposes, effective: exactWords(notice.effective_at).slice(0, 10) || notice.effective_at })
    })
  },

  onNext() {
    void wx.redirectTo({ url: '/packages/account/binding/binding' })
  },

  async onWithdraw(e: WechatMiniprogram.TouchEvent<object, object, { purpose: string; title: string }>) {
    const { purpose, title } = e.currentTarget.dataset
    const { confirm } = await wx.showModal({ title: '撤回同意？', content: `「${title}」会停下来。已经留下的工单记录仍按约定保存；以后随时可以再同意。`, confirmText: '撤回' })
    if (!confirm) return
    try {
      await withdrawConsent(purpose)
      await getMe()
      await this.load()
      void wx.showToast({ title: '已撤回' })
    } catch (err) {
      void wx.showToast({ title: explain(err), icon: 'none' })
    }
  },
})
