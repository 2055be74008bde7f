import { kindOf, localPath, sizeWords } from '../../services/attachments'
import { explain } from '../../services/problem'
import type { Attachment } from '../../services/tickets'

interface Tile {
  id: string
  name: string
  kind: 'image' | 'video' | 'file'
  size: string
  path: string
  failed: boolean
  busy: boolean
}

Component({
  properties: {
    files: { type: Array, value: [] as Attachment[] },
  },
  data: { tiles: [] as Tile[], playing: '' },
  observers: {
    files(files: Attachment[]) {
      const known = new Map(this.data.tiles.map((t) => [t.id, t]))
      const fresh = (f: Attachment): Tile => ({ id: f.id, name: kindOf(f.media_type) === 'video' ? '视频' : f.name, kind: kindOf(f.media_type), size: sizeWords(f.size), path: '', failed: false, busy: false })
      this.setData({ tiles: files.map((f) => known.get(f.id) ?? fresh(f)) })
      this.data.tiles.forEach((t) => {
        if (t.kind === 'image' && !t.path) void this.load(t.id)
      })
    },
  },
  methods: {
    /** Patches one tile; by id, since the list may have changed while the file was on its way. */
    patch(id: string, change: Partial<Tile>) {
      const i = this.data.tiles.findIndex((t) => t.id === id)
      if (i < 0) return
      this.setData(Object.fromEntries(Object.entries(change).map(([k, v]) => [`tiles[${i}].${k}`, v])))
    },
    async load(id: string): Promise<string> {
      this.patch(id, { busy: true, failed: false })
      try {
        const path = await localPath(id)
        this.patch(id, { path, busy: false })
        return path
      } catch (e) {
        this.patch(id, { failed: true, busy: false })
        void wx.showToast({ title: explain(e), icon: 'none' })
        return ''
      }
    },
    async onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
      const tile = this.data.tiles.find((t) => t.id === e.currentTarget.dataset.id)
      if (!tile || tile.busy) return
      const path = tile.path || (await this.load(tile.id))
      if (!path) return
      if (tile.kind === 'image') {
        const urls = this.data.tiles.filter((t) => t.kind === 'image' && t.path).map((t) => t.path)
        void wx.previewImage({ current: path, urls })
      } else if (tile.kind === 'video') {
        this.setData({ playing: path })
      } else {
        try {
          await wx.openDocument({ filePath: path, fileType: 'pdf', showMenu: true })
        } catch {
          void wx.showToast({ title: '这台手机打不开它', icon: 'none' })
        }
      }
    },
    onCloseVideo() {
      this.setData({ playing: '' })
    },
  },
})
