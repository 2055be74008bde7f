import { scale } from '../../../look'
import { actOnRenewal, getContract, listRenewals, proposeRenewal, type AnnexAction, type Renewal } from '../../../services/agreement'
import { isManager, seat } from '../../../services/face'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { annexStates, longDate, sideWords, signedBy, termOf, type Signed, type Term, type Word } from '../../../words/agreement'
import { timeWords } from '../../../words/time'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { chosenEnd, renewalForm, renewalForms } from './forms'

interface Shown {
  id: string
  title: string
  word: Word
  from: string
  to: string
  by: string
  reason: string
  signatures: Signed[]
  ended: string
}

const shownAs = (r: Renewal): Shown => ({
  id: r.id,
  title: r.number ? `第 ${r.number} 次续签` : '续签提议',
  word: annexStates[r.state],
  from: longDate(r.ends_on),
  to: longDate(r.expires_on),
  by: `${[sideWords[r.proposed_side], r.proposed_by?.display_name].filter(Boolean).join(' ')} 提于 ${timeWords(r.proposed_at, now())}`,
  reason: r.reason ?? '',
  signatures: [signedBy('client', r.client_signed, now()), signedBy('vendor', r.vendor_signed, now())],
  ended: r.state === 'declined' ? `对方没有同意${r.end_reason ? `：${r.end_reason}` : ''}` : r.state === 'withdrawn' ? '提出的一方撤回了' : '',
})

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready' | 'failed',
    reason: '',
    end: '',
    term: { text: '', mark: 0 } as Term,
    why: '',
    may: false,
    waiting: null as Shown | null,
    actions: [] as { action: AnnexAction; text: string; plain: boolean }[],
    history: [] as Shown[],
    ...closed,
  },

  end: '',
  waiting: null as Renewal | null,

  onLoad() {
    void this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  onRetry() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  async load() {
    try {
      await ensureSession()
      const [contract, { items }] = await Promise.all([getContract(), listRenewals()])
      const waiting = items.find((r) => r.state === 'proposed') ?? null
      const runs = contract.phase === 'maintenance' && contract.expires_on !== null
      this.end = contract.expires_on ?? ''
      this.waiting = waiting
      const own: Record<AnnexAction, string> = { sign: '签署', decline: '不同意', withdraw: '撤回提议' }
      this.setData({
        phase: 'ready',
        end: this.end ? longDate(this.end) : '',
        term: termOf(contract.expires_on, now()),
        why: runs ? '' : contract.phase === 'expired' ? '协议已经届满，继续合作请另签协议。' : '验收签署后期限才开始，那之后可以续签。',
        may: runs && !waiting && (isManager() || seat() === 'lead'),
        waiting: waiting && shownAs(waiting),
        actions: (waiting?.allowed_actions ?? []).map((action) => ({ action, text: own[action], plain: action !== 'sign' })),
        history: items.filter((r) => r !== waiting).map(shownAs),
      })
    } catch (e) {
      if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  onPropose() {
    openSheet(this, 'propose', renewalForm(this.end), [`现在的到期日：${this.data.end}`, '续签后，到期提醒和届满清单都按新的日子'])
  },

  onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: AnnexAction }>) {
    const { action } = e.currentTarget.dataset
    const { waiting } = this.data
    if (waiting) openSheet(this, action, renewalForms[action], action === 'sign' ? [`到期日：${waiting.from} → ${waiting.to}`, ...(waiting.reason ? [waiting.reason] : [])] : [])
  },

  onSubmit(e: SubmitEvent) {
    const { waiting } = this
    void submit(this, e, {
      exactly: (fields) => `协议期至 ${waiting ? longDate(waiting.expires_on) : longDate(chosenEnd(fields))}。签了就不能收回。`,
      send: async ({ name, fields, key }) => {
        if (name === 'propose') await proposeRenewal({ expires_on: chosenEnd(fields), ...(fields.reason ? { reason: fields.reason as string } : {}) }, key)
        else if (waiting) await actOnRenewal(waiting, name as AnnexAction, fields)
        await this.load()
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
