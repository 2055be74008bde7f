import { newKey } from '../../services/http'
import { me } from '../../services/session'
import type { Attachment, Kind } from '../../services/tickets'
import { bodyOf, complaints, type FormField, type Values } from '../form-fields/fields'
import type { Pick } from '../when-picker/when-picker'
import { formFor, type Form, type FormName } from './forms'

/** Another way out of a refusal, taken with one tap and nothing typed again. */
export interface Offer {
  id: string
  title: string
  text: string
}

/** What was typed outlives the sheet: closing it, or a refusal, must not cost a person their words. */
const typed = new Map<string, { values: Values; files: Attachment[]; key: string; internal: boolean }>()

Component({
  properties: {
    /** The step asked for; empty when the sheet is closed. */
    name: { type: String, value: '' },
    /** A form of the page's own, for steps that are not a ticket's. */
    own: { type: Object, value: null as unknown as Form },
    kind: { type: String, value: 'fault' },
    ticketId: { type: String, value: '' },
    canInternal: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
    /** What stands in the fields before this person has typed anything. */
    prefill: { type: Object, value: {} as Values },
    /** For a signature: what exactly is signed, line by line. */
    signed: { type: Array, value: [] as string[] },
    /** Field name -> why the server refused it. */
    refused: { type: Object, value: {} as Record<string, string> },
    /** A line above the button: what happened to the last attempt. */
    notice: { type: String, value: '' },
    offers: { type: Array, value: [] as Offer[] },
  },
  data: {
    form: null as Form | null,
    fields: [] as readonly FormField[],
    values: {} as Values,
    errors: {} as Record<string, string>,
    files: [] as Attachment[],
    internal: false,
    sending: false,
    pick: null as Pick | null,
    signer: '',
    shown: false,
  },
  observers: {
    name(name: string) {
      if (!name) {
        this.setData({ shown: false, pick: null })
        return
      }
      const old = typed.get(this.slot())
      const form = (this.data.own as Form | null) ?? formFor(name as FormName, this.data.kind as Kind)
      const signer = form.signs ? me()?.display_name ?? '' : ''
      this.setData({ form, fields: form.fields, signer, values: old?.values ?? (this.data.prefill as Values), files: old?.files ?? [], internal: old?.internal ?? false, errors: {}, sending: false, shown: true })
    },
    refused(errors: Record<string, string>) {
      this.setData({ errors })
    },
  },
  methods: {
    slot(): string {
      return [me()?.id, this.data.ticketId, this.data.name].join('/')
    },

    keep() {
      const { values, files, internal } = this.data
      typed.set(this.slot(), { values, files, internal, key: typed.get(this.slot())?.key ?? newKey() })
    },

    onChange(e: WechatMiniprogram.CustomEvent<{ name: string; value: string }>) {
      const { name, value } = e.detail
      this.setData({ values: { ...this.data.values, [name]: value }, [`errors.${name}`]: '', pick: null })
      this.keep()
    },

    onFiles(e: WechatMiniprogram.CustomEvent<{ files: Attachment[]; sending: boolean }>) {
      this.setData({ files: e.detail.files, sending: e.detail.sending, 'errors.attachment_ids': '' })
      this.keep()
    },

    onInternal() {
      this.setData({ internal: !this.data.internal })
      this.keep()
    },

    onPick(e: WechatMiniprogram.CustomEvent<Pick>) {
      this.setData({ pick: e.detail })
    },

    onShut() {
      this.setData({ pick: null })
    },

    onSubmit() {
      const { form, values, files, busy, sending } = this.data
      if (!form || busy) return
      const errors = complaints(form.fields, values, files.length)
      this.setData({ errors })
      if (Object.keys(errors).length) return
      if (sending) {
        void wx.showToast({ title: '附件还在上传，稍等一下', icon: 'none' })
        return
      }
      this.send('')
    },

    onOffer(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
      if (!this.data.busy) this.send(e.currentTarget.dataset.id)
    },

    send(offer: string) {
      const { form, values, files, internal, name } = this.data
      if (!form) return
      this.keep()
      this.triggerEvent('submit', { name, fields: bodyOf(form.fields, values, files), internal, offer, key: typed.get(this.slot())?.key ?? newKey() })
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
