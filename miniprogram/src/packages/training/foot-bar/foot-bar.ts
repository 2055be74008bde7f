import { clearDraft } from '../../../services/draft'
import type { Beside } from '../../../services/learning'
import { explain } from '../../../services/problem'
import { solved } from '../../../services/search'
import { placeOfItem } from '../places'

/**
 * Below a text or a recording: how much of it counts and what comes next. For somebody who came from a fault they were
 * writing, instead: did it help? Then the draft is not needed any more.
 */
Component({
  properties: {
    percent: { type: Number, value: 0 },
    line: { type: String, value: '' },
    done: { type: Boolean, value: false },
    next: { type: Object, value: null as unknown as Beside },
    material: { type: String, value: '' },
    course: { type: String, value: '' },
    suggestion: { type: String, value: '' },
  },
  data: { busy: false },
  methods: {
    onNext() {
      const next = this.data.next as Beside | null
      if (next) void wx.redirectTo({ url: placeOfItem(next.kind, next.id, this.data.course) })
    },

    onBack() {
      void wx.navigateBack()
    },

    async onSolved() {
      if (this.data.busy) return
      this.setData({ busy: true })
      try {
        await solved(this.data.suggestion, this.data.material)
        clearDraft('fault')
        await wx.showModal({ title: '太好了', content: '这次不用报故障了，草稿也收起来了。再遇到就告诉我们。', showCancel: false, confirmText: '好' })
        await wx.switchTab({ url: '/pages/home/home' })
      } catch (e) {
        void wx.showToast({ title: explain(e), icon: 'none' })
      }
      this.setData({ busy: false })
    },
  },
})
