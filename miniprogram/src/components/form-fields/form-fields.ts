import { listTickets, listVendorPeople, type Attachment, type Colleague, type Kind, type Summary } from '../../services/tickets'
import { now } from '../../services/server-time'
import { explain } from '../../services/problem'
import { OPEN_STATES } from '../../words/stages'
import { dateWords, timeWords } from '../../words/time'
import { roleWords } from '../../words/ticket'
import { isAsked, isRequired, type FormField, type Values } from './fields'

interface Choice {
  id: string
  title: string
  text: string
}

const stars = ['', '很不满意', '不太满意', '还行', '满意', '很满意']

/** The controls of a form, one under the other. It keeps nothing: whoever holds the form holds what was typed. */
Component({
  properties: {
    fields: { type: Array, value: [] as FormField[] },
    values: { type: Object, value: {} as Values },
    errors: { type: Object, value: {} as Record<string, string> },
    files: { type: Array, value: [] as Attachment[] },
    /** The ticket this is about, which cannot be merged into or linked to itself. */
    ticketId: { type: String, value: '' },
    /** Only tickets of this kind are offered. */
    kind: { type: String, value: '' },
  },
  data: {
    asked: [] as FormField[],
    spoken: {} as Record<string, string>,
    choices: [] as Choice[],
    note: '',
  },
  observers: {
    'fields, values'(fields: FormField[], values: Values) {
      // What must be filled in may follow from what was chosen: the mark at the label says so before anybody sends.
      const asked = fields.filter((f) => isAsked(f, values)).map((f) => ({ ...f, required: isRequired(f, values) }))
      const spoken = Object.fromEntries(asked.map((f) => [f.name, this.say(f, values[f.name] ?? '')]))
      this.setData({ asked, spoken })
    },
    fields(fields: FormField[]) {
      this.setData({ choices: [], note: '' })
      if (fields.some((f) => f.kind === 'person')) void this.findPeople()
    },
  },
  methods: {
    say(f: FormField, value: string): string {
      if (!value) return ''
      if (f.kind === 'time') return timeWords(value, now())
      if (f.kind === 'date') return dateWords(value)
      return f.kind === 'rating' ? stars[Number(value)] ?? '' : ''
    },

    onText(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: string }>) {
      this.triggerEvent('change', { name: e.currentTarget.dataset.name, value: e.detail.value })
    },

    onChoose(e: WechatMiniprogram.TouchEvent<object, object, { name: string; value: string | number }>) {
      this.triggerEvent('change', { name: e.currentTarget.dataset.name, value: String(e.currentTarget.dataset.value) })
    },

    onFiles(e: WechatMiniprogram.CustomEvent<object>) {
      this.triggerEvent('files', e.detail)
    },

    /** The wheel lies over the whole page, so the page opens it. */
    onPick(e: WechatMiniprogram.TouchEvent<object, object, { name: string }>) {
      const field = this.data.asked.find((f) => f.name === e.currentTarget.dataset.name)
      if (field) this.triggerEvent('pick', { name: field.name, mode: field.kind, past: field.past ?? false, from: field.from ?? '', until: field.until ?? '', value: (this.data.values as Values)[field.name] ?? '' })
    },

    onClear(e: WechatMiniprogram.TouchEvent<object, object, { name: string }>) {
      this.triggerEvent('change', { name: e.currentTarget.dataset.name, value: '' })
    },

    async findPeople() {
      this.setData({ note: '正在取名单…' })
      try {
        const { items } = await listVendorPeople()
        const choice = (p: Colleague): Choice => ({ id: p.id, title: p.display_name, text: p.roles.map((r) => roleWords[r]).join('、') })
        this.setData({ choices: items.map(choice), note: items.length ? '' : '名单还是空的' })
      } catch (e) {
        this.setData({ note: explain(e) })
      }
    },

    async onSearch(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
      const q = e.detail.value.trim().toUpperCase()
      if (q.length < 2) return
      try {
        const { items } = await listTickets({ scope: 'all', kind: this.data.kind as Kind | '', q, state: OPEN_STATES, limit: 10 })
        const choice = (t: Summary): Choice => ({ id: t.id, title: t.number, text: t.title })
        const others = items.filter((t) => t.id !== this.data.ticketId)
        this.setData({ choices: others.map(choice), note: others.length ? '' : '没有这个编号的进行中工单' })
      } catch (e) {
        this.setData({ note: explain(e) })
      }
    },
  },
})
