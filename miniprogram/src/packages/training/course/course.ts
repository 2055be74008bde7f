import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getCourse, type Course, type MaterialKind } from '../../../services/learning'
import { now } from '../../../services/server-time'
import { categoryWords, courseFacts, dueWords } from '../../../words/learning'
import { beijingDate } from '../../../words/time'
import { placeOfItem } from '../places'
import { rowOf, type Row } from './row'

interface Head {
  title: string
  category: string
  facts: string
  summary: string
  percent: number
  done: boolean
  hasNew: boolean
  due: string
  late: boolean
}

function headOf(c: Course): Head {
  const done = c.my.state === 'completed'
  const due = c.due_on && !done ? dueWords(c.due_on, beijingDate(now())) : null
  return { title: c.title, category: categoryWords[c.category].word, facts: courseFacts(c), summary: c.summary, percent: c.my.percent, done, hasNew: c.my.has_new, due: due?.text ?? '', late: due?.late ?? false }
}

Page({
  data: { scale, ...loading, head: null as Head | null, sections: [] as { title: string; rows: Row[] }[], next: null as { id: string; kind: MaterialKind; text: string } | null, code: '' },

  id: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
  },

  /** Coming back from an item, its state has changed. */
  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const c = await getCourse(this.id)
      const items = c.sections.flatMap((s) => s.items)
      const next = items.find((i) => i.required && i.my.state !== 'completed')
      this.setData({
        phase: 'ready',
        head: headOf(c),
        sections: c.sections.map((s) => ({ title: s.title, rows: s.items.map((i) => rowOf(i, now())) })),
        next: next ? { id: next.id, kind: next.kind, text: c.my.state === 'not_started' ? '开始学' : next.kind === 'quiz' ? '去做测验' : '接着学' } : null,
        code: c.certificate?.check_code ?? '',
      })
    })
  },

  onItem(e: WechatMiniprogram.TouchEvent<object, object, { id: string; kind: MaterialKind }>) {
    const { id, kind } = e.currentTarget.dataset
    void wx.navigateTo({ url: placeOfItem(kind, id, this.id) })
  },

  onCertificate() {
    void wx.navigateTo({ url: `/packages/training/certificate/certificate?code=${this.data.code}` })
  },
})
