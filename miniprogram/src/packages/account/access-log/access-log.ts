import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listAccess, type Access } from '../../../services/account'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { timeWords } from '../../../words/time'

const fieldWords: Record<string, string> = {
  name: '姓名', reporter_name: '姓名', display_name: '姓名', phone: '手机号', reporter_phone: '手机号', contact: '联系方式', email: '邮箱', employee_no: '工号',
}

interface Row {
  key: string
  who: string
  what: string
  purpose: string
  at: string
  number: string
}

const row = (a: Access, i: number): Row => ({
  key: `${a.at}#${i}`,
  who: [a.viewer.display_name, a.viewer.party === 'vendor' ? '乙方' : '甲方', a.viewer.department].filter(Boolean).join(' · '),
  what: [...new Set(a.fields.map((f) => fieldWords[f] ?? f))].join('、'),
  purpose: a.purpose,
  at: timeWords(a.at, now()),
  number: a.ticket_number ?? '',
})

Page({
  data: { scale, ...loading, rows: [] as Row[], cursor: '' },

  onLoad() {
    void this.load()
  },

  ...reloading,

  async onReachBottom() {
    const { cursor, rows } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listAccess(cursor)
      this.setData({ rows: [...rows, ...items.map((a, i) => row(a, rows.length + i))], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onBack() {
    void wx.navigateBack()
  },

  async load() {
    await filling(this, async () => {
      const { items, next_cursor } = await listAccess()
      this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '' })
    })
  },
})
