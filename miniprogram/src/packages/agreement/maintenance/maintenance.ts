import type { Form } from '../../../components/action-form/forms'
import { text } from '../../../components/form-fields/fields'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getContract, listMaintenance, logMaintenance, type MaintenanceEntry, type MaintenanceKind } from '../../../services/agreement'
import { face } from '../../../services/face'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import type { Attachment } from '../../../services/ticket-types'
import { maintenanceResults, maintenanceWords, type Word } from '../../../words/agreement'
import { exactWords, timeWords } from '../../../words/time'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { rhythmOf, type Rhythm } from './rhythm'

interface Row {
  id: string
  title: string
  word: Word
  lines: string[]
  note: string
  files: Attachment[]
  by: string
}

const KINDS = Object.keys(maintenanceWords) as MaintenanceKind[]
const RHYTHMIC = KINDS.filter((k) => maintenanceWords[k].days > 0)

const row = (m: MaintenanceEntry): Row => ({
  id: m.id,
  title: maintenanceWords[m.kind].title,
  word: maintenanceResults[m.result],
  lines: [...(m.restore_minutes === null ? [] : [`恢复用时 ${m.restore_minutes} 分钟`]), ...(m.data_point ? [`数据到 ${exactWords(m.data_point)}`] : [])],
  note: m.note,
  files: m.attachments,
  by: `${m.number} · ${m.author?.display_name ?? ''} · ${timeWords(m.performed_at, now())}`,
})

const LOG: Form = {
  title: '记一次维护', lead: '', submit: '记下',
  fields: [
    { name: 'kind', kind: 'choice', label: '做了什么', required: true, options: KINDS.map((value) => ({ value, title: maintenanceWords[value].title, text: maintenanceWords[value].text })) },
    { name: 'performed_at', kind: 'time', label: '什么时候做完的', required: true, past: true },
    { name: 'result', kind: 'choice', label: '结果', required: true, options: Object.entries(maintenanceResults).map(([value, w]) => ({ value, title: w.text, text: '' })) },
    { name: 'restore_minutes', kind: 'text', label: '恢复用了几分钟', placeholder: '写数字', max: 6, lines: 1, when: { field: 'kind', is: ['restore_drill'] }, requiredWhen: { field: 'result', is: ['ok'], say: '成功的演练要写恢复用时' } },
    { name: 'data_point', kind: 'time', label: '数据到哪一刻', past: true, when: { field: 'kind', is: ['backup', 'restore_drill'] } },
    text('note', '说明', '例如：全量备份 12.4 GB，校验一致'),
    { name: 'attachment_ids', kind: 'files', label: '照片或文件' },
  ],
}

Page({
  data: { scale, ...loading, rhythms: [] as Rhythm[], maintained: false, rows: [] as Row[], cursor: '', may: false, filters: [{ value: '' as MaintenanceKind | '', text: '全部' }, ...KINDS.map((value) => ({ value: value as MaintenanceKind | '', text: maintenanceWords[value].title }))], filter: '' as MaintenanceKind | '', ...closed },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    const { filter } = this.data
    await filling(this, async () => {
      await ensureSession()
      const [contract, { items, next_cursor }, ...lasts] = await Promise.all([getContract(), listMaintenance({ kind: filter, limit: 30 }), ...RHYTHMIC.map((kind) => listMaintenance({ kind, limit: 1 }))])
      if (filter !== this.data.filter) return
      const maintained = contract.phase === 'maintenance'
      this.setData({
        phase: 'ready',
        maintained,
        rows: items.map(row),
        cursor: next_cursor ?? '',
        rhythms: RHYTHMIC.map((kind, i) => rhythmOf(kind, lasts[i]?.items[0]?.performed_at ?? null, maintained ? contract.delivered_on : null, now())),
        may: face() === 'vendor' && contract.set_up,
      })
    })
  },

  async onReachBottom() {
    const { cursor, rows, filter } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listMaintenance({ kind: filter, limit: 30, cursor })
      if (filter === this.data.filter) this.setData({ rows: [...rows, ...items.map(row)], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onFilter(e: WechatMiniprogram.TouchEvent<object, object, { value: MaintenanceKind | '' }>) {
    this.setData({ filter: e.currentTarget.dataset.value })
    void this.load()
  },

  onLog() {
    openSheet(this, 'log', LOG)
  },

  onSubmit(e: SubmitEvent) {
    void submit(this, e, {
      send: async ({ fields, key }) => {
        const { restore_minutes: minutes, ...rest } = fields
        await logMaintenance(minutes === undefined ? rest : { ...rest, restore_minutes: Number(minutes) }, key)
        await this.load()
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
