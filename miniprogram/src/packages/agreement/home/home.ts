import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getContract, getDelivery, getVersion, listObligations, type Contract, type Obligation, type Side } from '../../../services/agreement'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession, me } from '../../../services/session'
import type { ListOf, Verdict } from '../../../services/ticket-types'
import { longDate, other, phaseWords, sideWords, termOf, versionTitle, type Term, type Word } from '../../../words/agreement'
import { choose } from '../chosen'
import { rowOf, type DutyRow } from './row'

type Kept = 'open' | 'met' | 'breached'

interface Waiting {
  text: string
  mine: boolean
  path: string
}

interface Sum {
  side: Side
  title: string
  open: string
  over: string
  late: string
}

const PAGE = 30
const MOST = 100

/** 3 · 100+ */
const count = (n: number, list: ListOf<unknown>): string => (list.next_cursor && n >= MOST ? `${MOST}+` : String(n))
const isOpen = (o: Obligation): boolean => !o.stopped_at && !o.voided_at && o.verdict !== 'void'

/** From where the reader stands: what the others owe, and what is owed to them. */
function titlesOf(own: Side | null): Record<Side, string> {
  if (!own) return { client: '甲方要办的', vendor: '乙方要办的' }
  const theirs = other(own)
  return { [own]: `我们欠${sideWords[theirs]}的`, [theirs]: `${sideWords[theirs]}欠我们的` } as Record<Side, string>
}

Page({
  data: {
    scale,
    ...loading,
    contract: null as Contract | null,
    stage: { text: '', tone: 'quiet', icon: 'time' } as Word,
    term: { text: '', mark: 0 } as Term,
    signedOn: '',
    deliveredOn: '',
    expiresOn: '',
    waiting: [] as Waiting[],
    sums: [] as Sum[],
    side: 'vendor' as Side,
    kept: 'open' as Kept,
    keeps: [{ value: 'open' as Kept, text: '进行中' }, { value: 'met' as Kept, text: '按时' }, { value: 'breached' as Kept, text: '超时' }],
    duties: [] as DutyRow[],
    cursor: '',
    listing: 'loading' as 'loading' | 'ready' | 'failed' | 'hidden',
    listReason: '',
    flaws: 0,
  },

  async onLoad(query: { side?: Side }) {
    await ensureSession().catch(() => null)
    const own = me()?.party ?? null
    // The other side's duties first: that is what people come to look up.
    this.setData({ side: query.side ?? (own ? other(own) : 'vendor') })
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const contract = await getContract()
      this.setData({
        phase: 'ready',
        contract,
        stage: phaseWords[contract.phase],
        term: termOf(contract.expires_on, now()),
        signedOn: contract.signed_on ? longDate(contract.signed_on) : '',
        deliveredOn: contract.delivered_on ? longDate(contract.delivered_on) : '',
        expiresOn: contract.expires_on ? longDate(contract.expires_on) : '',
        flaws: contract.flaws.length,
      })
      await Promise.all([this.loadWaiting(contract), this.loadSums(), this.loadDuties()])
    })
  },

  /** What waits for a signature, the reader's own first. */
  async loadWaiting({ pending }: Contract) {
    const annex = (kind: 'parameters' | 'calendar') => async (id: string): Promise<Waiting> => {
      const v = await getVersion(kind, id)
      const mine = v.allowed_actions.includes('sign')
      return { text: `${mine ? '等你签' : '等对方签'}：${versionTitle(v)}`, mine, path: `/packages/agreement/annex/annex?kind=${kind}&id=${id}` }
    }
    const delivery = async (id: string): Promise<Waiting> => {
      const d = await getDelivery(id)
      const mine = d.allowed_actions.length > 0
      const what = d.allowed_actions.includes('sign') ? '等你签' : mine ? '等你办' : '等对方'
      return { text: `${what}：交付 ${d.number} 的验收`, mine, path: `/packages/agreement/delivery/delivery?id=${id}` }
    }
    const waiting = await Promise.all([...pending.parameters.map(annex('parameters')), ...pending.calendars.map(annex('calendar')), ...pending.deliveries.map(delivery)])
    this.setData({ waiting: waiting.sort((a, b) => Number(b.mine) - Number(a.mine)) })
  },

  async loadSums() {
    const titles = titlesOf(me()?.party ?? null)
    const sides: Side[] = me()?.party === 'vendor' ? ['client', 'vendor'] : ['vendor', 'client']
    const sum = async (side: Side): Promise<Sum> => {
      const [all, late] = await Promise.all([listObligations({ side, limit: MOST }), listObligations({ side, state: 'breached', limit: MOST })])
      const open = all.items.filter(isOpen)
      return { side, title: titles[side], open: count(open.length, all), over: count(open.filter((o) => o.verdict === 'breached').length, all), late: count(late.items.filter((o) => !isOpen(o)).length, late) }
    }
    try {
      this.setData({ sums: await Promise.all(sides.map(sum)) })
    } catch (e) {
      if (!isCode(e, 'FORBIDDEN')) throw e
    }
  },

  asked(): string {
    return `${this.data.side}|${this.data.kept}`
  },

  async loadDuties() {
    const asked = this.asked()
    try {
      const { rows, cursor } = await this.fetch('')
      if (asked === this.asked()) this.setData({ listing: 'ready', duties: rows, cursor })
    } catch (e) {
      if (asked !== this.asked()) return
      if (isCode(e, 'FORBIDDEN')) this.setData({ listing: 'hidden' })
      else if (this.data.listing !== 'ready') this.setData({ listing: 'failed', listReason: explain(e) })
    }
  },

  /** What runs comes first in the server's order, so open duties end where the first ended one stands. */
  async fetch(from: string): Promise<{ rows: DutyRow[]; cursor: string }> {
    const { side, kept } = this.data
    const state: Verdict | '' = kept === 'open' ? '' : kept
    const { items, next_cursor } = await listObligations({ side, state, limit: PAGE, cursor: from })
    const fits = items.filter((o) => (kept === 'open' ? isOpen(o) : true))
    return { rows: fits.map(rowOf), cursor: kept === 'open' && fits.length < items.length ? '' : next_cursor ?? '' }
  },

  async onReachBottom() {
    const { cursor, duties } = this.data
    if (!cursor) return
    const asked = this.asked()
    this.setData({ cursor: '' })
    try {
      const next = await this.fetch(cursor)
      if (asked === this.asked()) this.setData({ duties: [...duties, ...next.rows], cursor: next.cursor })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onSide(e: WechatMiniprogram.TouchEvent<object, object, { side: Side }>) {
    this.setData({ side: e.currentTarget.dataset.side, listing: 'loading', duties: [] })
    void this.loadDuties()
  },

  onKept(e: WechatMiniprogram.TouchEvent<object, object, { value: Kept }>) {
    this.setData({ kept: e.currentTarget.dataset.value, listing: 'loading', duties: [] })
    void this.loadDuties()
  },

  onListRetry() {
    this.setData({ listing: 'loading' })
    void this.loadDuties()
  },

  onDuty(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    const duty = this.data.duties.find((d) => d.id === e.currentTarget.dataset.id)
    if (!duty) return
    choose(duty)
    void wx.navigateTo({ url: `/packages/agreement/duty/duty?id=${duty.id}` })
  },

  onGo(e: WechatMiniprogram.TouchEvent<object, object, { path: string }>) {
    void wx.navigateTo({ url: e.currentTarget.dataset.path })
  },
})
