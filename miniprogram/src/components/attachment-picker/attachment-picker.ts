import { kindOf, refusal, sizeWords, upload } from '../../services/attachments'
import { newKey } from '../../services/http'
import { explain } from '../../services/problem'
import type { Attachment } from '../../services/tickets'

interface Entry {
  /** Also the idempotency key of its upload: a retry never stores the file twice. */
  key: string
  name: string
  size: string
  /** Against the rules: sending it again would change nothing. */
  refused: boolean
  kind: 'image' | 'video' | 'file'
  /** Where it lies on the phone; empty for one restored from a draft. */
  path: string
  percent: number
  state: 'sending' | 'ready' | 'failed'
  error: string
  saved: Attachment | null
}

interface Picked {
  path: string
  /** With its ending, by which the rules go. */
  name: string
  size: number
  kind: Entry['kind']
}

/** The phone's own names for pictures (tmp_3f…) tell a person nothing. */
const shownName = (kind: Entry['kind'], name: string): string => (kind === 'file' ? name : kind === 'image' ? '照片' : '视频')

Component({
  properties: {
    max: { type: Number, value: 9 },
    /** Files the draft already holds; read once. */
    initial: { type: Array, value: [] as Attachment[] },
  },
  data: { entries: [] as Entry[], room: 9 },
  observers: {
    'entries, max'(entries: Entry[], max: number) {
      this.setData({ room: max - entries.length })
    },
  },
  lifetimes: {
    attached() {
      const entries = this.data.initial.map(
        (f: Attachment): Entry => ({ key: f.id, name: shownName(kindOf(f.media_type), f.name), size: sizeWords(f.size), refused: false, kind: kindOf(f.media_type), path: '', percent: 100, state: 'ready', error: '', saved: f }),
      )
      if (entries.length) this.setData({ entries })
    },
  },
  methods: {
    async onAdd() {
      if (this.data.room <= 0) return
      try {
        const { tapIndex } = await wx.showActionSheet({ itemList: ['拍照或录像', '从相册选', '从聊天里选文件'] })
        const picked = tapIndex === 2 ? await this.pickFiles() : await this.pickMedia(tapIndex === 0 ? ['camera'] : ['album'])
        this.take(picked)
      } catch (e) {
        // Closing the chooser is an answer too; a refused permission is not.
        const { errMsg = '' } = e as { errMsg?: string }
        if (!errMsg.includes('cancel')) void wx.showToast({ title: '打不开相机或相册，请在设置里允许', icon: 'none' })
      }
    },

    async pickMedia(sourceType: ('camera' | 'album')[]): Promise<Picked[]> {
      const { tempFiles } = await wx.chooseMedia({ count: this.data.room, mediaType: ['image', 'video'], sourceType, sizeType: ['compressed'], maxDuration: 60 })
      return tempFiles.map((f) => {
        const kind = f.fileType === 'video' ? 'video' : 'image'
        return { path: f.tempFilePath, name: f.tempFilePath, size: f.size, kind }
      })
    },

    async pickFiles(): Promise<Picked[]> {
      const { tempFiles } = await wx.chooseMessageFile({ count: this.data.room, type: 'all' })
      return tempFiles.map((f) => ({ path: f.path, name: f.name, size: f.size, kind: /\.(jpe?g|png|webp)$/i.test(f.name) ? 'image' : /\.(mp4|mov)$/i.test(f.name) ? 'video' : 'file' }))
    },

    take(picked: Picked[]) {
      const fresh = picked.slice(0, this.data.room).map((p): Entry => {
        const error = refusal(p.name, p.size)
        return { key: newKey(), name: shownName(p.kind, p.name), size: sizeWords(p.size), refused: error !== '', kind: p.kind, path: p.path, percent: 0, state: error ? 'failed' : 'sending', error, saved: null }
      })
      this.setData({ entries: [...this.data.entries, ...fresh] })
      fresh.forEach((f) => f.state === 'sending' && void this.send(f.key))
      this.tell()
    },

    patch(key: string, change: Partial<Entry>) {
      const i = this.data.entries.findIndex((x) => x.key === key)
      if (i >= 0) this.setData(Object.fromEntries(Object.entries(change).map(([k, v]) => [`entries[${i}].${k}`, v])))
    },

    async send(key: string) {
      const entry = this.data.entries.find((x) => x.key === key)
      if (!entry) return
      this.patch(key, { state: 'sending', error: '', percent: 0 })
      try {
        const saved = await upload(entry.path, key, (percent) => {
          // Every tenth is enough to see it move.
          const shown = this.data.entries.find((x) => x.key === key)?.percent ?? 0
          if (percent - shown >= 10) this.patch(key, { percent })
        })
        this.patch(key, { state: 'ready', percent: 100, saved })
      } catch (e) {
        this.patch(key, { state: 'failed', error: explain(e) })
      }
      this.tell()
    },

    onRetry(e: WechatMiniprogram.TouchEvent<object, object, { key: string }>) {
      const entry = this.data.entries.find((x) => x.key === e.currentTarget.dataset.key)
      if (entry && !entry.refused) void this.send(entry.key)
    },

    onRemove(e: WechatMiniprogram.TouchEvent<object, object, { key: string }>) {
      this.setData({ entries: this.data.entries.filter((x) => x.key !== e.currentTarget.dataset.key) })
      this.tell()
    },

    tell() {
      const { entries } = this.data
      this.triggerEvent('change', {
        files: entries.flatMap((x) => (x.saved ? [x.saved] : [])),
        sending: entries.some((x) => x.state === 'sending'),
        failed: entries.some((x) => x.state === 'failed'),
      })
    },
  },
})
