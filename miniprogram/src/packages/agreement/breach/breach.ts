import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { actOnBreach, getBreach, type Breach, type BreachAction } from '../../../services/agreement'
import { now } from '../../../services/server-time'
import { becauseWords, breachEvents, breachStates, sideWords, type Word } from '../../../words/agreement'
import { spanWords } from '../../../words/countdown'
import { placeOf } from '../../../words/places'
import { exactWords, timeWords } from '../../../words/time'
import { clauseWords } from '../../../words/trace'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { breachForms } from './forms'

interface Said {
  seq: number
  who: string
  what: string
  text: string
  because: string
}

const signedLines = (b: Breach): string[] => [
  `${b.record.number} · ${clauseWords(b.clause)} ${b.title}`,
  `由${sideWords[b.obligor]}履行，应在 ${exactWords(b.due_at)} 前`,
  b.ended_at ? `实际 ${exactWords(b.ended_at)} 办完，超 ${spanWords(b.late_seconds * 1000)}` : `还没办完，已超 ${spanWords(b.late_seconds * 1000)}`,
]

Page({
  data: { scale, ...loading, breach: null as Breach | null, title: '', word: breachStates.asserted as Word, lines: [] as string[], place: '', history: [] as Said[], actions: [] as { action: BreachAction; text: string; plain: boolean }[], ...closed },

  id: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      this.show(await getBreach(this.id))
    })
  },

  show(breach: Breach) {
    this.setData({
      phase: 'ready',
      breach,
      title: `${sideWords[breach.obligor]} ${breach.title}`,
      word: breachStates[breach.status],
      lines: signedLines(breach),
      place: placeOf(breach.record),
      history: breach.history.map((h): Said => ({
        seq: h.seq,
        who: `${h.actor?.display_name ?? (h.side === 'system' ? '系统' : sideWords[h.side])} · ${timeWords(h.at, now())}`,
        what: breachEvents[h.event] ?? '记录',
        text: h.text ?? '',
        because: h.because ? becauseWords[h.because] ?? '' : '',
      })),
      actions: breach.allowed_actions.map((action) => ({ action, text: breachForms[action].button, plain: action !== 'dispute' && action !== 'confirm' })),
    })
  },

  onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: BreachAction }>) {
    const { action } = e.currentTarget.dataset
    if (this.data.breach) openSheet(this, action, breachForms[action], signedLines(this.data.breach))
  },

  onSubmit(e: SubmitEvent) {
    const { breach } = this.data
    if (!breach) return
    void submit(this, e, {
      exactly: () => `${breachForms[e.detail.name as BreachAction].title}：${signedLines(breach)[0] ?? ''}`,
      send: async ({ name, fields }) => this.show(await actOnBreach(breach, name as BreachAction, fields)),
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },

  onPlace() {
    void wx.navigateTo({ url: this.data.place })
  },
})
