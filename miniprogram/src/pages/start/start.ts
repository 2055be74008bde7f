import { scale } from '../../look'
import { getMe } from '../../services/account'
import { homePath } from '../../services/face'
import { explain } from '../../services/problem'

/** Signs in without a word when WeChat knows the person, and leads to where they belong. */
Page({
  data: { scale, phase: 'loading' as 'loading' | 'failed' | 'out', reason: '' },

  onLoad(query: { out?: string }) {
    // Whoever has just left wants to be out, not to be signed in again at once.
    if (query.out) this.setData({ phase: 'out' })
    else void this.enter()
  },

  async enter() {
    this.setData({ phase: 'loading' })
    try {
      const me = await getMe()
      if (me.bound) await wx.switchTab({ url: homePath() })
      else await wx.reLaunch({ url: '/packages/account/notice/notice?first=1' })
    } catch (e) {
      this.setData({ phase: 'failed', reason: explain(e) })
    }
  },
})
