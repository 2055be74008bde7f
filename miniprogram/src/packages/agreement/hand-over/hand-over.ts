import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import { scale } from '../../../look'
import { ITEMS, newDelivery, type DeliverableKind, type DeliveredItem, type IpLabel } from '../../../services/agreement'
import { newKey } from '../../../services/http'
import { explain, Problem } from '../../../services/problem'
import { ensureSession, me } from '../../../services/session'
import { ipWords, itemWords } from '../../../words/agreement'
import { closed, openSheet, submit, WRITTEN, type SubmitEvent } from '../../../components/action-form/acting'

/** What 3.3.2 names must be in it. */
const NAMED = ['user_manual', 'test_report'] as const

const ITEM: Form = {
  title: '加一项', lead: '每一项都要有文件，或者它在别处移交时的 SHA-256；还要写明归谁，因为 5.2.1 和 5.2.2 对代码说法不同。', submit: '加进清单',
  fields: [
    { name: 'item', kind: 'choice', label: '是什么', required: true, options: ITEMS.map((value) => ({ value, ...itemWords[value] })) },
    text('name', '名称', '例如：使用手册 v1.0', true, 80, 1),
    { name: 'ip_label', kind: 'choice', label: '归谁（协议 5.2）', required: true, options: Object.entries(ipWords).map(([value, w]) => ({ value, ...w })) },
    { name: 'attachment_ids', kind: 'files', label: '文件（一个）' },
    text('sha256', '或文件的 SHA-256', '在别处移交时填，64 位', false, 64, 2),
  ],
}

interface Item extends DeliveredItem {
  key: string
  file: string
}

interface Draft {
  owner: string
  key: string
  items: Item[]
}

const SLOT = 'draft:delivery'

function kept(): Draft {
  const found = (wx.getStorageSync(SLOT) as Partial<Draft> | '') || {}
  const owner = me()?.id ?? ''
  return found.owner === owner && found.items ? { key: newKey(), ...found, owner, items: found.items } : { owner, key: newKey(), items: [] }
}

interface Row {
  key: string
  title: string
  name: string
  ip: string
  proof: string
}

const row = (i: Item): Row => ({ key: i.key, title: itemWords[i.item].title, name: i.name, ip: ipWords[i.ip_label].title, proof: i.file || `SHA-256 ${(i.sha256 ?? '').slice(0, 16)}…` })

Page({
  data: { scale, rows: [] as Row[], missing: [] as string[], send: '', sending: false, ...closed },

  draft: null as Draft | null,

  async onLoad() {
    await ensureSession().catch(() => null)
    this.draft = kept()
    this.paint()
  },

  paint() {
    const { items = [] } = this.draft ?? {}
    this.setData({ rows: items.map(row), missing: NAMED.filter((n) => !items.some((i) => i.item === n)).map((n) => itemWords[n].title) })
  },

  keep(change: Partial<Draft>) {
    this.draft = { ...(this.draft ?? kept()), ...change }
    wx.setStorageSync(SLOT, this.draft)
    this.paint()
  },

  onAdd() {
    openSheet(this, 'item', ITEM)
  },

  onRemove(e: WechatMiniprogram.TouchEvent<object, object, { key: string }>) {
    this.keep({ items: (this.draft?.items ?? []).filter((i) => i.key !== e.currentTarget.dataset.key) })
  },

  onItem(e: SubmitEvent) {
    void submit(this, e, {
      send: ({ fields }) => {
        const { item, name, ip_label, attachment_ids, sha256 } = fields as { item: DeliverableKind; name: string; ip_label: IpLabel; attachment_ids?: string[]; sha256?: string }
        const attachment_id = attachment_ids?.[0]
        if (!attachment_id && !sha256) return Promise.reject(new Problem(422, 'INVALID', '加一个文件，或填文件的 SHA-256'))
        const added: Item = { key: newKey(), file: attachment_id ? '文件已上传' : '', item, name, ip_label, ...(attachment_id ? { attachment_id } : {}), ...(sha256 ? { sha256: sha256.toLowerCase() } : {}) }
        this.keep({ items: [...(this.draft?.items ?? []), added] })
        return Promise.resolve()
      },
      again: () => Promise.resolve(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },

  async onSubmit() {
    const { draft } = this
    if (!draft || this.data.sending) return
    const items = draft.items.map(({ item, name, ip_label, attachment_id, sha256 }): DeliveredItem => ({ item, name, ip_label, ...(attachment_id ? { attachment_id } : {}), ...(sha256 ? { sha256 } : {}) }))
    const lines = draft.items.map((i) => `${itemWords[i.item].title}（${ipWords[i.ip_label].title}）`)
    const { confirm } = await wx.showModal({ title: '再确认一次', content: `以你的名义提交 ${lines.length} 项：${lines.join('、')}。${WRITTEN}`, confirmText: '提交', cancelText: '再看看' })
    if (!confirm) return
    this.setData({ sending: true, send: '' })
    try {
      const { id } = await newDelivery(items, draft.key)
      wx.removeStorageSync(SLOT)
      await wx.redirectTo({ url: `/packages/agreement/delivery/delivery?id=${id}` })
    } catch (e) {
      if (!(e instanceof Problem && e.unanswered)) this.keep({ key: newKey() })
      this.setData({ send: explain(e) })
    } finally {
      this.setData({ sending: false })
    }
  },
})
