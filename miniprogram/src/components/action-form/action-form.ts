import { newKey } from '../../services/http'
import { now } from '../../services/server-time'
import { listTickets, listVendorPeople, OPEN_STATES, type Attachment, type Colleague, type Summary } from '../../services/tickets'
import { explain } from '../../services/problem'
import { me } from '../../services/session'
import { exactWords, instantOf, timeWords } from '../../words/time'
import { roleWords } from '../../words/ticket'
import { forms, type Form, type FormField, type FormName } from './forms'

type Values = Record<string, string>
interface Choice {
  id: string
  title: string
  text: string
}

const words = ['', '很不满意', '不太满意', '还行', '满意', '很满意']

/** What was typed outlives the sheet: closing it, or a refusal, must not cost a person their words. */
const typed = new Map<string, { values: Values; files: Attachment[]; key: string; internal: boolean }>()

Component({
  properties: {
    /** The step asked for; empty when the sheet is closed. */
    name: { type: String, value: '' },
    ticketId: { type: String, value: '' },
    canInternal: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
    /** Field name -> why the server refused it. */
    refused: { type: Object, value: {} as Record<string, string> },
    /** A line above the button: what happened to the last attempt. */
    notice: { type: String, value: '' },
  },
  data: {
    form: null as Form | null,
    values: {} as Values,
    errors: {} as Record<string, string>,
    files: [] as Attachment[],
    internal: false,
    sending: false,
    choices: [] as Choice[],
    choicesNote: '',
    picking: '',
    pickerStart: '',
    pickerValue: '',
    timeText: '',
    ratingText: '',
    shown: false,
  },
  observers: {
    name(name: FormName | '') {
      if (!name) {
        this.setData({ shown: false })
        return
      }
      const old = typed.get(this.slot())
      const form = forms[name]
      const values = old?.values ?? {}
      this.setData({ form, values, files: old?.files ?? [], internal: old?.internal ?? false, errors: {}, choices: [], choicesNote: '', shown: true, ...this.spoken(values) })
      if (form.fields.some((f) => f.kind === 'person')) void this.findPeople()
    },
    refused(errors: Record<string, string>) {
      this.setData({ errors })
    },
  },
  methods: {
    slot(): string {
      return [me()?.id, this.data.ticketId, this.data.name].join('/')
    },

    spoken(values: Values): { timeText: string; ratingText: string } {
      return { timeText: values.eta ? timeWords(values.eta, now()) : '', ratingText: words[Number(values.rating ?? 0)] ?? '' }
    },

    keep() {
      const { values, files, internal } = this.data
      typed.set(this.slot(), { values, files, internal, key: typed.get(this.slot())?.key ?? newKey() })
    },

    set(name: string, value: string) {
      this.setData({ [`values.${name}`]: value, [`errors.${name}`]: '' })
      this.setData(this.spoken(this.data.values))
      this.keep()
    },

    onText(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: string }>) {
      this.set(e.currentTarget.dataset.name, e.detail.value)
    },

    onChoose(e: WechatMiniprogram.TouchEvent<object, object, { name: string; value: string | number }>) {
      this.set(e.currentTarget.dataset.name, String(e.currentTarget.dataset.value))
    },

    onFiles(e: WechatMiniprogram.CustomEvent<{ files: Attachment[]; sending: boolean }>) {
      this.setData({ files: e.detail.files, sending: e.detail.sending })
      this.keep()
    },

    onInternal() {
      this.setData({ internal: !this.data.internal })
      this.keep()
    },

    onPickTime(e: WechatMiniprogram.TouchEvent<object, object, { name: string }>) {
      const from = new Date(now() + 600_000).toISOString()
      this.setData({ picking: e.currentTarget.dataset.name, pickerStart: exactWords(from), pickerValue: exactWords(this.data.values[e.currentTarget.dataset.name] ?? new Date(now() + 86_400_000).toISOString()) })
    },

    onTime(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
      // The picker says "close" before it says "confirm": which field it was for is no longer in `picking`.
      const field = this.data.form?.fields.find((f) => f.kind === 'time')
      if (field) this.set(field.name, instantOf(e.detail.value))
      this.setData({ picking: '' })
    },

    onTimeClosed() {
      this.setData({ picking: '' })
    },

    async findPeople() {
      this.setData({ choicesNote: '正在取名单…' })
      try {
        const { items } = await listVendorPeople()
        const choice = (p: Colleague): Choice => ({ id: p.id, title: p.display_name, text: p.roles.map((r) => roleWords[r]).join('、') })
        this.setData({ choices: items.map(choice), choicesNote: items.length ? '' : '名单还是空的' })
      } catch (e) {
        this.setData({ choicesNote: explain(e) })
      }
    },

    async onSearch(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
      const q = e.detail.value.trim().toUpperCase()
      if (q.length < 2) return
      try {
        const { items } = await listTickets({ scope: 'all', q, state: OPEN_STATES, limit: 10 })
        const choice = (t: Summary): Choice => ({ id: t.id, title: t.number, text: t.title })
        const others = items.filter((t) => t.id !== this.data.ticketId)
        this.setData({ choices: others.map(choice), choicesNote: others.length ? '' : '没有这个编号的进行中工单' })
      } catch (e) {
        this.setData({ choicesNote: explain(e) })
      }
    },

    check(f: FormField): string {
      const value = (this.data.values[f.name] ?? '').trim()
      const type = this.data.values.solution_type
      if (f.name === 'eta' && !value && (type === 'workaround' || type === 'plan')) return '这种方案要给一个时间'
      if (f.name === 'purpose' && value.length < 3) return '至少写三个字'
      if (!f.required || value) return ''
      return f.kind === 'text' ? '写一句再发吧' : '选一个再继续'
    },

    onSubmit() {
      const { form, values, files, internal, busy, sending } = this.data
      if (!form || busy) return
      const errors = Object.fromEntries(form.fields.flatMap((f) => (this.check(f) ? [[f.name, this.check(f)]] : [])))
      this.setData({ errors })
      if (Object.keys(errors).length) return
      if (sending) {
        void wx.showToast({ title: '附件还在上传，稍等一下', icon: 'none' })
        return
      }
      const fields: Record<string, unknown> = {}
      for (const f of form.fields) {
        const value = (values[f.name] ?? '').trim()
        if (f.kind === 'files') {
          if (files.length) fields[f.name] = files.map((x) => x.id)
        } else if (value) fields[f.name] = f.kind === 'rating' ? Number(value) : value
      }
      this.keep()
      this.triggerEvent('submit', { name: this.data.name, fields, internal, key: typed.get(this.slot())?.key ?? newKey() })
    },

    onClose() {
      this.triggerEvent('close')
    },

    onVisible(e: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
      if (!e.detail.visible) this.triggerEvent('close')
    },

    /** It went through: the words are the ticket's now. */
    done() {
      typed.delete(this.slot())
    },

    /** A clear no: the next try is a new intention. */
    renewKey() {
      const t = typed.get(this.slot())
      if (t) typed.set(this.slot(), { ...t, key: newKey() })
    },
  },
})
