import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { actOnClass, getClass, signIn, signOut, type ClassAction, type TrainingClass } from '../../../services/classes'
import { face } from '../../../services/face'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import type { Attachment } from '../../../services/tickets'
import type { Word } from '../../../words/agreement'
import { classStates } from '../../../words/learning'
import { exactWords } from '../../../words/time'
import { actionWords, formOf, PLAIN } from '../class-forms'
import { readCode } from '../sign-code'
import { factsOf, rosterOf, signedBefore, signedLines, type Fact, type Present } from './view'

Page({
  data: {
    scale, ...loading,
    id: '', title: '', word: classStates.proposed as Word, facts: [] as Fact[], agenda: '', minutes: '', photos: [] as Attachment[],
    roster: null as Present[] | null, signatures: [] as { text: string; done: boolean }[],
    actions: [] as { action: ClassAction; text: string; plain: boolean }[],
    /** Which of the two this person's code is for; empty when there is nothing to sign. */
    signing: '' as '' | 'in' | 'out',
    signedLine: '', code: '', codeError: '', mayShowCode: false, ...closed,
  },

  id: '',
  found: null as TrainingClass | null,

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    this.setData({ id: this.id })
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      this.show(await getClass(this.id))
    })
  },

  show(c: TrainingClass) {
    this.found = c
    const running = c.state === 'running'
    // Whoever comes is welcome, enrolled or not.
    const mayJoin = running && (face() === 'client' || c.my.enrolled)
    const signing = !mayJoin || c.my.signed_out_at ? '' : c.my.signed_in_at ? 'out' : 'in'
    const signed = [c.my.signed_in_at ? `${exactWords(c.my.signed_in_at).slice(11)} 签到` : '', c.my.signed_out_at ? `${exactWords(c.my.signed_out_at).slice(11)} 签退` : ''].filter(Boolean)
    this.setData({
      phase: 'ready', title: c.title, word: classStates[c.state], facts: factsOf(c, now()), agenda: c.agenda, minutes: c.minutes ?? '', photos: c.photos,
      roster: c.roster ? rosterOf(c.roster) : null, signatures: signedLines(c), signing, signedLine: signed.length ? `你 ${signed.join('，')}` : '', code: '', codeError: '',
      // Whoever may end the class stands in front of it.
      mayShowCode: running && c.allowed_actions.includes('finish'),
      actions: c.allowed_actions.map((action) => ({ action, text: actionWords[action], plain: PLAIN.includes(action) })).sort((a, b) => Number(a.plain) - Number(b.plain)),
    })
  },

  onCode(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const code = e.detail.value.replace(/\D/g, '').slice(0, 6)
    this.setData({ code, codeError: '' })
    if (code.length === 6) void this.sign(code)
  },

  async onScan() {
    const scanned = await wx.scanCode({ onlyFromCamera: true, scanType: ['qrCode'] }).catch(() => null)
    if (!scanned) return
    const read = readCode(scanned.result)
    if (read?.id === this.id) await this.sign(read.code)
    else this.setData({ codeError: read ? '这是另一个班的码' : '这不是签到码，请扫讲师屏幕上的' })
  },

  async sign(code: string) {
    const { signing, busy } = this.data
    if (!signing || busy) return
    this.setData({ busy: true, codeError: '' })
    try {
      this.show(await (signing === 'in' ? signIn : signOut)(this.id, code))
      void wx.showToast({ title: signing === 'in' ? '签到好了' : '签退好了' })
    } catch (e) {
      this.setData({ code: '', codeError: isCode(e, 'SIGN_IN_CODE_STALE') ? '码不对或换过了，看讲师屏幕上现在的' : explain(e) })
    }
    this.setData({ busy: false })
  },

  onShowCode() {
    void wx.navigateTo({ url: `/packages/training/code/code?id=${this.id}` })
  },

  onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: ClassAction }>) {
    const { found } = this
    if (!found) return
    const { action } = e.currentTarget.dataset
    const form = formOf(action, found)
    if (form) openSheet(this, action, form, form.signs ? signedBefore(action, found, now()) : [])
    else void this.go(action)
  },

  async go(action: ClassAction) {
    if (!this.found || this.data.busy) return
    this.setData({ busy: true })
    try {
      this.show(await actOnClass(this.found, action, {}))
    } catch (e) {
      void wx.showToast({ title: explain(e), icon: 'none' })
      if (isCode(e, 'VERSION_STALE', 'ACTION_NOT_ALLOWED')) void this.load()
    }
    this.setData({ busy: false })
    if (action === 'start' && this.data.mayShowCode) this.onShowCode()
  },

  onSubmit(e: SubmitEvent) {
    const { found } = this
    if (!found) return
    void submit(this, e, {
      send: async ({ name, fields }) => this.show(await actOnClass(found, name as ClassAction, fields)),
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
