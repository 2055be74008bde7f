import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import { scale } from '../../../look'
import { actOnBreach, getBreach, type Breach, type BreachAction } from '../../../services/agreement'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { becauseWords, breachEvents, breachStates, sideWords, type Word } from '../../../words/agreement'
import { spanWords } from '../../../words/countdown'
import { placeOf } from '../../../words/places'
import { exactWords, timeWords } from '../../../words/time'
import { clauseWords } from '../../../words/trace'
import { closed, openSheet, submit, WRITTEN, type SubmitEvent } from '../acting'

interface Said {
  seq: number
  who: string
  what: string
  text: string
  because: string
}

export const breachForms: Record<BreachAction, Form & { button: string }> = {
  dispute: { button: '申辩', title: '提出申辩', lead: '说清为什么不该算；对方看得到，可以答复、豁免或确认。', submit: '提出申辩', fields: [text('reason', '理由', '例如：当晚 21:00 已在电话里答复，见沟通记录')], signs: WRITTEN },
  answer_dispute: { button: '答复申辩', title: '答复申辩', lead: '事情还开着，之后仍可豁免或确认。', submit: '答复', fields: [text('text', '答复', '例如：电话里没有说到处理办法，请再看')], signs: WRITTEN },
  waive: { button: '豁免', title: '豁免这次超时', lead: '豁免后不计入扣费，记录仍在；不能再改。', submit: '豁免', fields: [text('reason', '理由', '例如：影响很小，且事后处理得很好')], signs: WRITTEN },
  confirm: { button: '确认超时', title: '确认这次超时', lead: '确认后计入扣费预览；不能再改。', submit: '确认超时', fields: [], signs: WRITTEN },
}

const words: Record<BreachAction, string> = { dispute: breachForms.dispute.button, answer_dispute: breachForms.answer_dispute.button, waive: breachForms.waive.button, confirm: breachForms.confirm.button }

const signedLines = (b: Breach): string[] => [
  `${b.record.number} · ${clauseWords(b.clause)} ${b.title}`,
  `由${sideWords[b.obligor]}履行，应在 ${exactWords(b.due_at)} 前`,
  b.ended_at ? `实际 ${exactWords(b.ended_at)} 办完，超 ${spanWords(b.late_seconds * 1000)}` : `还没办完，已超 ${spanWords(b.late_seconds * 1000)}`,
]

Page({
  data: { scale, phase: 'loading' as 'loading' | 'ready' | 'failed', reason: '', breach: null as Breach | null, title: '', word: breachStates.asserted as Word, lines: [] as string[], place: '', history: [] as Said[], actions: [] as { action: BreachAction; text: string; plain: boolean }[], ...closed },

  id: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  async load() {
    try {
      this.show(await getBreach(this.id))
    } catch (e) {
      if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
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
      actions: breach.allowed_actions.map((action) => ({ action, text: words[action], plain: action !== 'dispute' && action !== 'confirm' })),
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
