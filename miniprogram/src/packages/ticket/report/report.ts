import { scale } from '../../../look'
import { clearDraft, emptyDraft, keepDraft, openDraft, sendDraft, takeNewKey, writeDraftNow, type FaultDraft } from '../../../services/draft'
import { explain, isCode, Problem } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import type { Attachment, Severity } from '../../../services/tickets'
import { severityCards } from '../../../words/ticket'
import { exactWords, instantOf, timeWords } from '../../../words/time'

type TextField = 'title' | 'description' | 'scope' | 'steps_tried' | 'contact'

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready',
    draft: emptyDraft(),
    initialFiles: [] as Attachment[],
    restored: false,
    severities: severityCards,
    occurred: '',
    picking: false,
    pickerEnd: '',
    pickerValue: '',
    more: false,
    errors: {} as Record<string, string>,
    notice: '',
    busy: false,
  },

  files: { sending: false, failed: false },

  async onLoad() {
    // Whose draft it is must be known before it is shown.
    await ensureSession().catch(() => null)
    const { fields, restored } = openDraft()
    this.setData({
      phase: 'ready', draft: fields, initialFiles: fields.files, restored,
      occurred: fields.occurred_at ? timeWords(fields.occurred_at, now()) : '',
      more: Boolean(fields.scope || fields.steps_tried || fields.contact),
    })
  },

  onHide() {
    writeDraftNow()
  },

  onUnload() {
    writeDraftNow()
  },

  change(part: Partial<FaultDraft>) {
    const draft = { ...this.data.draft, ...part }
    const [name] = Object.keys(part)
    this.setData({ draft, notice: '', [`errors.${String(name)}`]: '' })
    keepDraft(draft)
  },

  onText(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: TextField }>) {
    this.change({ [e.currentTarget.dataset.name]: e.detail.value })
  },

  onSeverity(e: WechatMiniprogram.TouchEvent<object, object, { value: Severity }>) {
    this.change({ severity: e.currentTarget.dataset.value })
  },

  onFiles(e: WechatMiniprogram.CustomEvent<{ files: Attachment[]; sending: boolean; failed: boolean }>) {
    const { files, sending, failed } = e.detail
    this.files = { sending, failed }
    this.change({ files })
  },

  onPickTime() {
    const here = new Date(now()).toISOString()
    this.setData({ picking: true, pickerEnd: exactWords(here), pickerValue: exactWords(this.data.draft.occurred_at || here) })
  },

  onTime(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const occurred_at = instantOf(e.detail.value)
    this.change({ occurred_at })
    this.setData({ picking: false, occurred: timeWords(occurred_at, now()) })
  },

  onTimeClosed() {
    this.setData({ picking: false })
  },

  onClearTime() {
    this.change({ occurred_at: '' })
    this.setData({ occurred: '' })
  },

  onMore() {
    this.setData({ more: true })
  },

  async onDiscard() {
    const { confirm } = await wx.showModal({ title: '清空重写？', content: '上次没提交的内容会删掉。', confirmText: '清空' })
    if (!confirm) return
    clearDraft()
    // The picker reads its files once; a fresh page is the plain way to a fresh picker.
    await wx.redirectTo({ url: '/packages/ticket/report/report' })
  },

  check(): Record<string, string> {
    const { title, description } = this.data.draft
    return {
      ...(title.trim() ? {} : { title: '一句话说说是什么问题' }),
      ...(description.trim() ? {} : { description: '写下现象，工程师才好判断' }),
    }
  },

  async onSubmit() {
    if (this.data.busy) return
    const errors = this.check()
    this.setData({ errors, notice: '' })
    if (Object.keys(errors).length) {
      this.setData({ notice: '还差红框里的内容' })
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
      const ticket = await sendDraft(this.data.draft)
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
        clearDraft()
        await wx.switchTab({ url: '/pages/tickets/tickets' })
      } else {
        takeNewKey()
        this.setData({ notice: '再点一次「提交」就会建一张新单' })
      }
      return
    }
    if (e instanceof Problem && e.unanswered) {
      this.setData({ notice: `${e.title}。内容都在，再点一次「提交」，不会重复建单。` })
      return
    }
    const fields = e instanceof Problem ? e.byField : {}
    this.setData({ errors: fields, more: this.data.more || 'scope' in fields || 'steps_tried' in fields || 'contact' in fields, notice: explain(e) })
  },
})
