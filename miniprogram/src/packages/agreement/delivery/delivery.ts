import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { actOnDelivery, getContract, getDelivery, type Delivery, type DeliveryAction } from '../../../services/agreement'
import { now } from '../../../services/server-time'
import { ipWords, longDate, recordStates, type Word } from '../../../words/agreement'
import { exactWords, timeWords } from '../../../words/time'
import { closed, openSheet, submit, WRITTEN, type SubmitEvent } from '../../../components/action-form/acting'
import { itemViews, latestItems, signedWords, type ItemView } from '../items'

const ACCEPT: Form = { title: '通过这一项', lead: '', submit: '通过', fields: [], signs: '通过后这一项验收完成，不能再退回。' }
const REJECT: Form = { title: '退回这一项', lead: '只退这一项，其余照常验收。', submit: '退回', fields: [text('reason', '哪里不符合', '例如：测试报告没有性能测试的结果')] }
const RESUBMIT: Form = {
  title: '补交这一项', lead: '不改的留空。', submit: '补交',
  fields: [
    text('name', '名称', '例如：测试报告 v1.1', false, 80, 1),
    { name: 'ip_label', kind: 'choice', label: '归谁（协议 5.2）', options: Object.entries(ipWords).map(([value, w]) => ({ value, ...w })) },
    { name: 'attachment_ids', kind: 'files', label: '文件' },
    text('sha256', '或文件的 SHA-256', '在别处移交时填，64 位', false, 64, 2),
  ],
}
const SIGN: Form = { title: '签署验收', lead: '', submit: '签署验收', fields: [], signs: `${WRITTEN}第二方签署的那天，就是交付之日。` }

/** What the second signature sets in motion. */
function termIfSignedNow(): string {
  const today = exactWords(new Date(now()).toISOString()).slice(0, 10)
  const [y = 0, m = 1, d = 1] = today.split('-').map(Number)
  const leap = new Date(Date.UTC(y + 1, m, 0)).getUTCDate()
  return longDate(`${y + 1}-${String(m).padStart(2, '0')}-${String(Math.min(d, leap)).padStart(2, '0')}`)
}

interface Row extends ItemView {
  accept: boolean
  resubmit: boolean
}

Page({
  data: {
    scale,
    ...loading,
    delivery: null as Delivery | null,
    word: recordStates.submitted as Word,
    at: '',
    rows: [] as Row[],
    done: 0,
    client: '',
    vendor: '',
    maySign: false,
    effect: '',
    sheetFor: '',
    ...closed,
  },

  id: '',
  number: 0,

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await this.show(await getDelivery(this.id))
    })
  },

  async show(delivery: Delivery) {
    void wx.setNavigationBarTitle({ title: `交付 ${delivery.number}` })
    const can = (a: DeliveryAction): boolean => delivery.allowed_actions.includes(a)
    const rows = itemViews(delivery.items).map((i): Row => ({ ...i, accept: can('accept_item') && i.state === 'provided', resubmit: can('resubmit') && i.state === 'rejected' }))
    const done = rows.filter((i) => i.state === 'accepted').length
    this.setData({
      phase: 'ready',
      delivery,
      word: delivery.state === 'accepted' ? { ...recordStates.accepted, text: '双方已签' } : done === rows.length ? { ...recordStates.submitted, text: '待签署' } : recordStates[delivery.state],
      at: timeWords(delivery.submitted_at, now()),
      rows,
      done,
      client: signedWords(delivery.client_signed),
      vendor: signedWords(delivery.vendor_signed),
      maySign: can('sign'),
      effect: `双方都签后，一年协议期从那天开始；如果今天签完，到 ${termIfSignedNow()} 为止（协议 1.3）。`,
    })
    if (delivery.state !== 'accepted') return
    const { delivered_on, expires_on } = await getContract()
    if (delivered_on && expires_on) this.setData({ effect: `交付之日 ${longDate(delivered_on)}，协议期到 ${longDate(expires_on)} 为止（协议 1.3）。` })
  },

  onItem(e: WechatMiniprogram.TouchEvent<object, object, { number: number; action: DeliveryAction }>) {
    const { number, action } = e.currentTarget.dataset
    this.number = number
    const row = this.data.rows.find((r) => r.number === this.number)
    if (!row) return
    this.setData({ sheetFor: `${this.id}-${number}` })
    const form = action === 'accept_item' ? ACCEPT : action === 'reject_item' ? REJECT : RESUBMIT
    openSheet(this, action, form, action === 'accept_item' ? [`${row.title}：${row.name}`, `归属：${row.ip}`, row.digest ? `SHA-256 ${row.digest}` : `文件 ${row.files[0]?.name ?? ''}`] : [])
  },

  onSign() {
    const { delivery } = this.data
    if (!delivery) return
    const items = latestItems(delivery.items)
    this.setData({ sheetFor: this.id })
    openSheet(this, 'sign', SIGN, [`交付 ${delivery.number} 的验收，共 ${items.length} 项`, ...items.map((i) => `${i.title}：${i.name ?? ''}（${i.ip_label ? ipWords[i.ip_label].title : ''}）`), this.data.effect])
  },

  onSubmit(e: SubmitEvent) {
    const { delivery } = this.data
    if (!delivery) return
    void submit(this, e, {
      exactly: () => (e.detail.name === 'sign' ? `签署交付 ${delivery.number} 的验收。${this.data.effect}` : ''),
      send: async ({ name, fields }) => {
        const { attachment_ids, ...rest } = fields as { attachment_ids?: string[] }
        const file = attachment_ids?.[0]
        const body = name === 'sign' ? {} : { number: this.number, ...rest, ...(file ? { attachment_id: file } : {}) }
        await this.show(await actOnDelivery(delivery, name as DeliveryAction, body))
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
