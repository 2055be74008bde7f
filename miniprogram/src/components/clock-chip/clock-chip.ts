import { now } from '../../services/server-time'
import type { Verdict } from '../../services/tickets'
import { onTick } from '../../ticker'
import { clockWords, type Tone } from '../../words/countdown'

const icons: Record<Tone, string> = { calm: 'time', soon: 'notification', over: 'error-circle', done: 'check-circle', void: 'minus-circle' }

const stops = new WeakMap<object, () => void>()

Component({
  properties: {
    label: { type: String, value: '' },
    dueAt: { type: String, value: '' },
    stoppedAt: { type: String, value: '' },
    verdict: { type: String, value: 'running' },
    large: { type: Boolean, value: false },
  },
  data: { text: '', tone: 'calm' as Tone, icon: 'time' },
  observers: {
    'dueAt, stoppedAt, verdict'() {
      this.paint()
      this.follow()
    },
  },
  lifetimes: {
    detached() {
      this.rest()
    },
  },
  pageLifetimes: {
    show() {
      this.paint()
      this.follow()
    },
    hide() {
      this.rest()
    },
  },
  methods: {
    /** Touches the view only when the words change: once a minute for most. */
    paint() {
      const { dueAt, stoppedAt, verdict, text } = this.data
      if (!dueAt) return
      const next = clockWords({ due_at: dueAt, stopped_at: stoppedAt || null, verdict: verdict as Verdict }, now())
      if (next.text !== text) this.setData({ text: next.text, tone: next.tone, icon: icons[next.tone] })
    },
    follow() {
      this.rest()
      if (this.data.stoppedAt || !this.data.dueAt || this.data.verdict === 'void') return
      stops.set(this, onTick(() => this.paint()))
    },
    rest() {
      stops.get(this)?.()
      stops.delete(this)
    },
  },
})
