import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listInbox, markRead, type Notice } from '../../../services/inbox'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { timeWords } from '../../../words/time'
import { placeOf } from '../../../words/places'

interface Row {
  id: string
  number: string
  text: string
  at: string
  unread: boolean
  urgent: boolean
  path: string
}

const row = (n: Notice): Row => ({
  id: n.id,
  number: n.text.includes(n.about.number) ? '' : n.about.number,
  text: n.count > 1 ? `${n.text}（${n.count} 次）` : n.text,
  at: timeWords(n.at, now()),
  unread: n.read_at === null,
  urgent: n.urgent,
  path: placeOf(n.about),
})

Page({
  data: { scale, ...loading, rows: [] as Row[], unread: 0, cursor: '', busy: false },

  newest: '',

  /** Coming back from what a notice led to, it has been read. */
  onShow() {
    void this.load()
  },

  ...reloading,

  async onReachBottom() {
    const { cursor, rows } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listInbox(cursor)
      this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
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
      const { items, unread, next_cursor } = await listInbox()
      this.newest = items[0]?.at ?? ''
      this.setData({ phase: 'ready', rows: items.map(row), unread, cursor: next_cursor ?? '' })
    })
  },

  async onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    const i = this.data.rows.findIndex((r) => r.id === e.currentTarget.dataset.id)
    const row = this.data.rows[i]
    if (!row) return
    if (row.path) void wx.navigateTo({ url: row.path })
    if (!row.unread) return
    try {
      const { unread } = await markRead({ ids: [row.id] })
      this.setData({ [`rows[${i}].unread`]: false, unread })
    } catch (err) {
      void wx.showToast({ title: explain(err), icon: 'none' })
    }
  },

  async onAllRead() {
    if (this.data.busy || !this.newest) return
    this.setData({ busy: true })
    try {
      const { unread } = await markRead({ all_before: this.newest })
      this.setData({ rows: this.data.rows.map((r) => ({ ...r, unread: false })), unread })
    } catch (e) {
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
    this.setData({ busy: false })
  },
})
