import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listDevices, revokeDevice, type Device } from '../../../services/account'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { timeWords } from '../../../words/time'

type Row = Device & { seen: string; since: string }

const row = (d: Device): Row => ({ ...d, seen: timeWords(d.last_seen_at, now()), since: timeWords(d.created_at, now()) })

Page({
  data: { scale, ...loading, devices: [] as Row[] },

  onLoad() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const { items } = await listDevices()
      // This phone first: it is the one a person recognises.
      this.setData({ phase: 'ready', devices: items.map(row).sort((a, b) => Number(b.current) - Number(a.current)) })
    })
  },

  async onRevoke(e: WechatMiniprogram.TouchEvent<object, object, { id: string; device: string }>) {
    const { id, device } = e.currentTarget.dataset
    const { confirm } = await wx.showModal({ title: '让它退出？', content: `「${device}」下次打开要重新登录。`, confirmText: '让它退出' })
    if (!confirm) return
    try {
      await revokeDevice(id)
      this.setData({ devices: this.data.devices.filter((d) => d.id !== id) })
      void wx.showToast({ title: '已退出' })
    } catch (err) {
      void wx.showToast({ title: explain(err), icon: 'none' })
    }
  },
})
