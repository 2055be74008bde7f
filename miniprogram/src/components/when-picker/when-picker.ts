import { now } from '../../services/server-time'
import { exactWords, instantOf } from '../../words/time'

export interface Pick {
  name: string
  mode: 'time' | 'date'
  past: boolean
  /** The first and last day, where the field says so. */
  from: string
  until: string
  value: string
}

const DAY = 86_400_000
const LEAD = 600_000
const YEAR = 366 * DAY

/** The wheel for a time or a date, in Beijing time, opened for one field of a form. */
Component({
  properties: {
    /** What is being picked; null while the wheel is shut. */
    pick: { type: Object, value: null as unknown as Pick },
  },
  data: { open: false, mode: 'minute', format: 'YYYY-MM-DD HH:mm', title: '', start: '', end: '', value: '' },
  observers: {
    pick(pick: Pick | null) {
      if (!pick) {
        this.setData({ open: false })
        return
      }
      const dated = pick.mode === 'date'
      const cut = (ms: number): string => exactWords(new Date(ms).toISOString()).slice(0, dated ? 10 : 16)
      const first = pick.from || cut(pick.past ? now() : now() + DAY)
      const chosen = pick.value ? (dated ? pick.value : exactWords(pick.value)) : first
      this.setData({
        open: true,
        mode: dated ? 'date' : 'minute',
        format: dated ? 'YYYY-MM-DD' : 'YYYY-MM-DD HH:mm',
        title: dated ? '选日期' : '选时间',
        start: pick.from || cut(pick.past ? now() - YEAR : now() + (dated ? 0 : LEAD)),
        end: pick.until || cut(pick.past ? now() : now() + 2 * YEAR),
        value: chosen,
      })
    },
  },
  methods: {
    onConfirm(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
      const { name, mode } = this.data.pick as Pick
      this.triggerEvent('picked', { name, value: mode === 'date' ? e.detail.value.slice(0, 10) : instantOf(e.detail.value) })
    },
    /** "Close" comes before "confirm", with the button that was tapped: only leaving without a choice is ours. */
    onClose(e: WechatMiniprogram.CustomEvent<{ trigger?: string }>) {
      if (e.detail.trigger !== 'confirm-btn') this.triggerEvent('shut')
    },
  },
})
