import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getContract, getTallies, listObligations, type Contract, type Pending, type Side, type Tally } from '../../../services/agreement'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession, me } from '../../../services/session'
import { longDate, other, phaseWords, sideWords, termOf, type Term, type Word } from '../../../words/agreement'
import { rowOf, type DutyRow } from './row'

type Kept = 'open' | 'met' | 'breached'

interface Waiting {
  text: string
  mine: boolean
  path: string
}

interface Sum extends Tally {
  side: Side
  title: string
}

const places: Record<Pending['kind'], string> = {
  parameters: 'annex/annex?kind=parameters&id=', calendar: 'annex/annex?kind=calendar&id=', delivery: 'delivery/delivery?id=', renewal: 'renewal/renewal?id=',
}

/** Who is to move, and where that is done. */
const waitingFor = (p: Pending): Waiting => ({
  text: `${p.can_sign ? '等你签' : p.is_mine ? '等你办' : p.kind === 'delivery' ? '等对方' : '等对方签'}：${p.title}`,
  mine: p.is_mine,
  path: `/packages/agreement/${places[p.kind]}${p.id}`,
})

const PAGE = 30

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
        waiting: contract.pending.map(waitingFor),
      })
      await Promise.all([this.loadSums(), this.loadDuties()])
    })
  },

  async loadSums() {
    const titles = titlesOf(me()?.party ?? null)
    const sides: Side[] = me()?.party === 'vendor' ? ['client', 'vendor'] : ['vendor', 'client']
    try {
      const tallies = await getTallies()
      this.setData({ sums: sides.map((side) => ({ side, title: titles[side], ...tallies[side] })) })
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

  async fetch(from: string): Promise<{ rows: DutyRow[]; cursor: string }> {
    const { side, kept } = this.data
    const { items, next_cursor } = await listObligations({ side, state: kept, limit: PAGE, cursor: from })
    return { rows: items.map(rowOf), cursor: next_cursor ?? '' }
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
    void wx.navigateTo({ url: `/packages/agreement/duty/duty?id=${e.currentTarget.dataset.id}` })
  },

  onGo(e: WechatMiniprogram.TouchEvent<object, object, { path: string }>) {
    void wx.navigateTo({ url: e.currentTarget.dataset.path })
  },
})
