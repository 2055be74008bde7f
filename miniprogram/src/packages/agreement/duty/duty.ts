import { scale } from '../../../look'
import { getObligation, traceOf, type Basis, type Obligation } from '../../../services/agreement'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { listClocks } from '../../../services/tickets'
import { sideWords } from '../../../words/agreement'
import { isTicket, placeOf, recordWords } from '../../../words/places'
import { clockName, kindWords } from '../../../words/ticket'
import { timeWords } from '../../../words/time'
import { clauseWords, how, lineOf, type Trace } from '../../../words/trace'

interface Facts {
  name: string
  clause: string
  who: string
  how: string
  began: string
  due: string
  ended: string
  record: string
  basis: string
}

const factsOf = (o: Obligation): Facts => ({
  name: o.cycle > 1 ? `${clockName(o)}（第 ${o.cycle} 轮）` : clockName(o),
  clause: clauseWords(o.clause),
  who: sideWords[o.obligor],
  how: how[o.unit],
  began: timeWords(o.started_at, now()),
  due: timeWords(o.due_at, now()),
  ended: o.stopped_at ? timeWords(o.stopped_at, now()) : '',
  record: `${isTicket(o.record.kind) ? kindWords[o.record.kind].word : recordWords(o.record.kind)} ${o.record.number}`,
  basis: basisWords[o.basis],
})

/** What is said of a deadline that the agreement does not owe. */
const basisWords: Record<Basis, string> = {
  agreement: '', target: '协议 6.1 没有写时间，这是双方定的目标（P14）：超过不算违约。', statute: '这是甲方自己的法定期限，列在这里作提醒：超过不算对乙方违约。',
}

/** A ticket explains its own clocks, waits included; for anything else the calendar is asked. */
async function traceFor(o: Obligation): Promise<Trace[]> {
  if (isTicket(o.record.kind)) {
    const { items } = await listClocks(o.record.id)
    const same = items.find((c) => c.code === o.code && c.cycle === o.cycle && c.started_at === o.started_at)
    return same?.trace.map(lineOf) ?? []
  }
  return o.unit === 'instant' ? [] : (await traceOf(o)).trace.map(lineOf)
}

Page({
  data: { scale, phase: 'loading' as 'loading' | 'ready' | 'failed', reason: '', duty: null as Obligation | null, facts: null as Facts | null, lines: [] as Trace[], traced: false, breach: '', place: '' },

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
      const duty = await getObligation(this.id)
      this.setData({ phase: 'ready', duty, facts: factsOf(duty), place: placeOf(duty.record), breach: duty.breach_id ?? '' })
      this.setData({ lines: await traceFor(duty), traced: true })
    } catch (e) {
      if (this.data.phase === 'ready') {
        this.setData({ traced: true })
        void wx.showToast({ title: explain(e), icon: 'none' })
      } else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  onPlace() {
    void wx.navigateTo({ url: this.data.place })
  },

  onBreach() {
    void wx.navigateTo({ url: `/packages/agreement/breach/breach?id=${this.data.breach}` })
  },
})
