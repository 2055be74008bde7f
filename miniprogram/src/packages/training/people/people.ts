import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listLearners, type Category, type Learner } from '../../../services/learning'
import { explain } from '../../../services/problem'
import { ensureSession } from '../../../services/session'
import type { Word } from '../../../words/agreement'
import { categoryWords, learningStates } from '../../../words/learning'

interface Row {
  id: string
  name: string
  word: Word
  line: string
}

const row = (l: Learner): Row => ({
  id: l.person.id,
  name: l.person.display_name,
  word: l.overdue ? { text: '逾期', tone: 'warn', icon: 'error-circle' } : learningStates[l.state],
  line: `学完 ${l.completed} / ${l.courses} 门${l.attended ? `，到课 ${l.attended} 次` : ''}`,
})

Page({
  data: { scale, ...loading, head: '', rows: [] as Row[], cursor: '' },

  category: '' as Category | '',
  department: '',

  onLoad(query: { category?: Category; department?: string }) {
    this.category = query.category ?? ''
    this.department = decodeURIComponent(query.department ?? '')
    const word = this.category ? categoryWords[this.category].word : '全部类别'
    this.setData({ head: [word, this.department].filter(Boolean).join(' · ') })
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const { items, next_cursor } = await listLearners({ category: this.category, department: this.department })
      this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '' })
    })
  },

  async onReachBottom() {
    const { cursor, rows } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listLearners({ category: this.category, department: this.department, cursor })
      this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },
})
