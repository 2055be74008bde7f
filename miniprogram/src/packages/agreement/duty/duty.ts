import { scale } from '../../../look'
import { listBreaches, listObligations, traceOf, type Obligation } from '../../../services/agreement'
import { explain, Problem } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { listClocks } from '../../../services/tickets'
import { sideWords } from '../../../words/agreement'
import { isTicket, placeOf, recordWords } from '../../../words/places'
import { clockName, kindWords } from '../../../words/ticket'
import { timeWords } from '../../../words/time'
import { clauseWords, how, lineOf, type Trace } from '../../../words/trace'
import { chosenOne } from '../chosen'

interface Facts {
  name: string
  clause: string
  who: string
  how: string
  began: string
  due: string
  ended: string
  record: string
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
})

async function find(id: string): Promise<Obligation> {
  const known = chosenOne(id)
  if (known) return known
  const { items } = await listObligations({ limit: 100 })
  const found = items.find((o) => o.id === id)
  if (!found) throw new Problem(404, 'NOT_FOUND', '这一项不在最近的义务里，请从协议页打开')
  return found
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
      const duty = await find(this.id)
      this.setData({ phase: 'ready', duty, facts: factsOf(duty), place: placeOf(duty.record) })
      this.setData({ lines: await traceFor(duty), traced: true })
      if (duty.verdict !== 'breached') return
      const { items } = await listBreaches({ side: duty.obligor, limit: 100 })
      const own = items.find((b) => b.record.id === duty.record.id && b.code === duty.code && b.cycle === duty.cycle)
      this.setData({ breach: own?.id ?? '' })
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
