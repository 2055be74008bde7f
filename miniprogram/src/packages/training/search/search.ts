import { filling, loading } from '../../../loading'
import { scale } from '../../../look'
import type { MaterialKind } from '../../../services/learning'
import { parts, search, type Hit } from '../../../services/search'
import { ensureSession } from '../../../services/session'
import type { Kind } from '../../../services/ticket-types'
import { categoryWords, materialWords } from '../../../words/learning'
import { stateWord } from '../../../words/stages'
import { kindWords } from '../../../words/ticket'
import { placeOfItem } from '../places'

type Where = '' | 'materials' | 'tickets'

interface Row {
  id: string
  url: string
  icon: string
  title: ReturnType<typeof parts>
  spoken: string
  excerpt: ReturnType<typeof parts>
  line: string
}

const QUIET = 350
const places: Record<Where, readonly ('materials' | 'tickets')[]> = { '': ['materials', 'tickets'], materials: ['materials'], tickets: ['tickets'] }

function row(h: Hit): Row {
  const spoken = h.title.map((p) => p.text).join('')
  if (h.type === 'ticket') {
    const kind = h.kind as Kind
    return { id: h.id, url: `/packages/ticket/detail/detail?id=${h.id}`, icon: kindWords[kind].icon, title: parts(h.title), spoken, excerpt: parts(h.excerpt), line: [h.number ?? '', kindWords[kind].word, h.state ? stateWord(kind, h.state) : ''].filter(Boolean).join(' · ') }
  }
  const kind = h.kind as MaterialKind
  return { id: h.id, url: placeOfItem(kind, h.id, h.course_id ?? ''), icon: materialWords[kind].icon, title: parts(h.title), spoken, excerpt: parts(h.excerpt), line: [materialWords[kind].word, h.category ? categoryWords[h.category].word : ''].filter(Boolean).join(' · ') }
}

Page({
  data: {
    scale, ...loading, phase: 'ready' as 'loading' | 'ready' | 'failed',
    q: '', where: '' as Where, wheres: [{ value: '' as Where, text: '都找' }, { value: 'materials' as Where, text: '课程和文章' }, { value: 'tickets' as Where, text: '工单' }],
    rows: [] as Row[], total: 0, asked: '',
  },

  typing: 0,

  onLoad(query: { q?: string }) {
    const q = decodeURIComponent(query.q ?? '')
    if (q) this.ask(q, '')
  },

  onInput(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    clearTimeout(this.typing)
    const q = e.detail.value
    this.typing = setTimeout(() => this.ask(q, this.data.where), QUIET)
  },

  onConfirm(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    clearTimeout(this.typing)
    this.ask(e.detail.value, this.data.where)
  },

  onClear() {
    this.ask('', this.data.where)
  },

  onWhere(e: WechatMiniprogram.TouchEvent<object, object, { value: Where }>) {
    this.ask(this.data.q, e.currentTarget.dataset.value)
  },

  onRetry() {
    this.ask(this.data.q, this.data.where)
  },

  ask(q: string, where: Where) {
    this.setData({ q, where })
    void this.load()
  },

  async load() {
    const q = this.data.q.trim()
    const { where } = this.data
    // One character would find half of everything.
    if (Array.from(q).length < 2) {
      this.setData({ phase: 'ready', rows: [], total: 0, asked: '' })
      return
    }
    if (!this.data.rows.length) this.setData({ phase: 'loading' })
    await filling(this, async () => {
      await ensureSession()
      const { items, total } = await search(q, places[where])
      if (q === this.data.q.trim() && where === this.data.where) this.setData({ phase: 'ready', rows: items.map(row), total, asked: q })
    })
  },

  onRow(e: WechatMiniprogram.TouchEvent<object, object, { url: string }>) {
    void wx.navigateTo({ url: e.currentTarget.dataset.url })
  },

  onReport() {
    void wx.navigateTo({ url: '/packages/ticket/report/report?kind=consultation' })
  },
})
