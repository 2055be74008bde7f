import type { Suggested } from '../report/suggesting'

/** Up to three articles or recordings, each a tap away; the draft stays as it is meanwhile. */
Component({
  properties: { rows: { type: Array, value: [] as Suggested[] } },
  methods: {
    onRow(e: WechatMiniprogram.TouchEvent<object, object, { url: string }>) {
      void wx.navigateTo({ url: e.currentTarget.dataset.url })
    },
  },
})
