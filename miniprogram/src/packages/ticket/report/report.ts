import { bodyOf, complaints, type FormField, type Values } from '../../../components/form-fields/fields'
import type { Pick } from '../../../components/when-picker/when-picker'
import { scale } from '../../../look'
import { clearDraft, keepDraft, openDraft, sendDraft, takeNewKey, writeDraftNow, type Draft } from '../../../services/draft'
import { dueOf, getSupportHours } from '../../../services/hours'
import { explain, isCode, Problem } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { KINDS, type Kind } from '../../../services/ticket-types'
import type { Attachment } from '../../../services/tickets'
import { timeWords } from '../../../words/time'
import { reports, type Report } from './kinds'
import { earliestFrom, leadTimeNote } from './lead-time'
import { Suggesting, type Suggested } from './suggesting'

interface Note {
  title: string
  lines: string[]
}

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready',
    report: reports.fault as Report,
    calm: false,
    fields: [] as FormField[],
    moreFields: [] as FormField[],
    more: false,
    values: {} as Values,
    initialFiles: [] as Attachment[],
    restored: false,
    note: null as Note | null,
    pick: null as Pick | null,
    errors: {} as Record<string, string>,
    notice: '',
    busy: false,
    suggested: [] as Suggested[],
  },

  kind: 'fault' as Kind,
  files: { all: [] as Attachment[], sending: false, failed: false },
  earliest: '',
  trace: [] as string[],
  suggesting: null as Suggesting | null,

  async onLoad(query: { kind?: string }) {
    this.kind = KINDS.find((k) => k === query.kind) ?? 'fault'
    const report = reports[this.kind]
    void wx.setNavigationBarTitle({ title: report.title })
    // Whose draft it is must be known before it is shown.
    await ensureSession().catch(() => null)
    const { values, files, restored } = openDraft(this.kind)
    const moreFields = report.fields.filter((f) => f.more)
    this.files.all = files
    this.setData({
      phase: 'ready', report, restored, moreFields,
      fields: report.fields.filter((f) => !f.more),
      values: { ...report.start, ...values },
      initialFiles: files,
      more: moreFields.some((f) => values[f.name]),
    })
    if (report.shows) void this.ask(report.shows)
    if (report.suggests) this.suggesting = new Suggesting((suggested) => this.setData({ suggested }))
    this.suggest()
  },

  onHide() {
    writeDraftNow(this.kind)
  },

  onUnload() {
    this.suggesting?.stop()
    writeDraftNow(this.kind)
  },

  suggest() {
    this.suggesting?.hear(this.data.values.title ?? '', this.data.values.description ?? '')
  },

  /** Helpful to know, never needed to write: what cannot be asked now is left out. */
  async ask(what: 'support-hours' | 'lead-time') {
    try {
      if (what === 'support-hours') {
        const { opens_at, promised_at } = await getSupportHours()
        if (promised_at) this.setData({ 'report.promise': `最晚${timeWords(promised_at, now())} 有人解答` })
        if (opens_at && promised_at) this.setData({ note: { title: `现在是非工作时间，最晚${timeWords(promised_at, now())} 回复`, lines: [`乙方${timeWords(opens_at, now())} 上班；急事请报故障，故障不分昼夜。`] } })
        return
      }
      const { trace } = await dueOf({ start: new Date(now()).toISOString(), unit: 'working_days', amount: 5 })
      this.earliest = earliestFrom(trace)
      this.trace = trace.map((t) => t.note)
      this.showLeadTime()
    } catch {
      // No banner.
    }
  },

  showLeadTime() {
    if (this.earliest) this.setData({ note: leadTimeNote(this.earliest, this.data.values.wished_on ?? '') })
  },

  draft(): Draft {
    return { values: this.data.values, files: this.files.all }
  },

  onChange(e: WechatMiniprogram.CustomEvent<{ name: string; value: string }>) {
    const { name, value } = e.detail
    this.setData({ values: { ...this.data.values, [name]: value }, [`errors.${name}`]: '', notice: '', pick: null })
    keepDraft(this.kind, this.draft())
    if (name === 'wished_on') this.showLeadTime()
    if (name === 'title' || name === 'description') this.suggest()
  },

  onFiles(e: WechatMiniprogram.CustomEvent<{ files: Attachment[]; sending: boolean; failed: boolean }>) {
    const { files, sending, failed } = e.detail
    this.files = { all: files, sending, failed }
    this.setData({ notice: '', 'errors.attachment_ids': '' })
    keepDraft(this.kind, this.draft())
  },

  onPick(e: WechatMiniprogram.CustomEvent<Pick>) {
    this.setData({ pick: e.detail })
  },

  onShut() {
    this.setData({ pick: null })
  },

  onMore() {
    this.setData({ more: true })
  },

  onWhy() {
    void wx.showModal({ title: '最早的日子怎么算的', content: this.trace.join('\n'), showCancel: false, confirmText: '知道了' })
  },

  async onDiscard() {
    const { confirm } = await wx.showModal({ title: '清空重写？', content: '上次没提交的内容会删掉。', confirmText: '清空' })
    if (!confirm) return
    clearDraft(this.kind)
    // The picker reads its files once; a fresh page is the plain way to a fresh picker.
    await wx.redirectTo({ url: `/packages/ticket/report/report?kind=${this.kind}` })
  },

  async onSubmit() {
    if (this.data.busy) return
    const errors = complaints(this.data.report.fields, this.data.values, this.files.all.length)
    this.setData({ errors, notice: '' })
    if (Object.keys(errors).length) {
      this.setData({ notice: '还差红框里的内容', more: this.data.more || this.data.moreFields.some((f) => f.name in errors) })
      return
    }
    if (this.files.sending) {
      this.setData({ notice: '附件还在上传，传完就能提交' })
      return
    }
    if (this.files.failed) {
      const { confirm } = await wx.showModal({ title: '有附件没传上', content: '先不带它提交？之后还可以在工单里补。', confirmText: '先提交' })
      if (!confirm) return
    }
    await this.send()
  },

  async send() {
    this.setData({ busy: true })
    try {
      const body = bodyOf(this.data.report.fields, this.data.values, this.files.all)
      const ticket = await sendDraft(this.kind, this.draft(), body as { title: string; description: string })
      await wx.redirectTo({ url: `/packages/ticket/receipt/receipt?id=${ticket.id}&fresh=1` })
    } catch (e) {
      await this.refused(e)
    } finally {
      this.setData({ busy: false })
    }
  },

  async refused(e: unknown) {
    if (isCode(e, 'IDEMPOTENCY_KEY_REUSED')) {
      const { confirm } = await wx.showModal({
        title: '上一次其实提交成功了',
        content: '刚才没收到回复，但工单已经建好。要看看它，还是把现在的内容当作另一张单提交？',
        confirmText: '去看看',
        cancelText: '另提一张',
      })
      if (confirm) {
        clearDraft(this.kind)
        await wx.switchTab({ url: '/pages/tickets/tickets' })
      } else {
        takeNewKey(this.kind)
        this.setData({ notice: `再点一次「${this.data.report.submit}」就会建一张新单` })
      }
      return
    }
    if (e instanceof Problem && e.unanswered) {
      this.setData({ notice: `${e.title}。内容都在，再点一次「${this.data.report.submit}」，不会重复建单。` })
      return
    }
    const fields = e instanceof Problem ? e.byField : {}
    this.setData({ errors: fields, more: this.data.more || this.data.moreFields.some((f) => f.name in fields), notice: explain(e) })
  },
})
