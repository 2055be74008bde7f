import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { articleFrom } from '../../../services/courses'
import { face, seat, type Face } from '../../../services/face'
import { newKey } from '../../../services/http'
import { explain, isCode, Problem } from '../../../services/problem'
import { ensureSession, me } from '../../../services/session'
import { act, getTicket, listMessages, reveal, writeMessage, type Action, type Clock, type Attachment, type Message, type Revealed, type Ticket } from '../../../services/tickets'
import type { Offer } from '../../../components/action-form/action-form'
import type { Values } from '../../../components/form-fields/fields'
import type { FormName } from '../../../components/action-form/forms'
import { dateWords } from '../../../words/time'
import { choose } from './menu'
import { prefillOf, signedLines } from './signing'
import { viewOf, whatChanged, type Button, type RecordView } from './view'

interface Submitted {
  name: FormName
  fields: Record<string, unknown>
  internal: boolean
  /** Which way out of a refusal was taken; empty for the plain button. */
  offer: string
  key: string
}

interface Sheet {
  done: () => void
  renewKey: () => void
}

Page({
  data: {
    scale,
    ...loading,
    face: 'client' as Face,
    myId: '',
    ticket: null as Ticket | null,
    kind: { word: '', icon: 'tools' },
    next: '',
    myTurn: false,
    people: [] as { name: string; value: string }[],
    facts: [] as { name: string; value: string }[],
    clocks: [] as Clock[],
    oldClocks: false,
    wait: null as { reason: string; by: string } | null,
    outside: '',
    records: [] as RecordView[],
    oldRecords: [] as RecordView[],
    showOld: false,
    files: [] as Attachment[],
    links: [] as { id: string; number: string; label: string; word: string }[],
    messages: [] as Message[],
    messageCursor: '',
    primary: null as Button | null,
    second: null as Button | null,
    rest: [] as Button[],
    canFollow: false,
    remindAt: '',
    revealed: null as Revealed | null,
    sheet: '' as FormName | '',
    prefill: {} as Values,
    signed: [] as string[],
    offers: [] as Offer[],
    busy: false,
    refused: {} as Record<string, string>,
    notice: '',
  },

  id: '',
  /** The step whose answer was lost: it may have been done. */
  lost: '' as FormName | '',
  articleKey: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
  },

  onShow() {
    void this.load()
  },

  onHide() {
    // Seen once, for one purpose; not left standing on a screen in a pocket.
    if (this.data.revealed) this.setData({ revealed: null })
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const person = await ensureSession()
      this.setData({ face: face(), myId: person.id })
      this.show(await getTicket(this.id))
    })
  },

  show(ticket: Ticket) {
    this.setData({ phase: 'ready', ...viewOf(ticket, seat(), me()?.id ?? '') })
  },

  async onMoreMessages() {
    try {
      const { items, next_cursor } = await listMessages(this.id, this.data.messageCursor)
      this.setData({ messages: [...this.data.messages, ...items], messageCursor: next_cursor ?? '' })
    } catch (e) {
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  open(name: FormName) {
    const { ticket } = this.data
    if (!ticket) return
    // What is filled in must be there before the sheet asks for it.
    this.setData({ prefill: prefillOf(name, ticket), signed: signedLines(name, ticket), offers: [], refused: {}, notice: '' })
    this.setData({ sheet: name })
  },

  onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: FormName }>) {
    this.open(e.currentTarget.dataset.action)
  },

  onMessage() {
    this.open('message')
  },

  onReveal() {
    this.open('reveal')
  },

  onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
    void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone })
  },

  async onRest() {
    const { rest, remindAt } = this.data
    const chosen = rest[await choose(rest.map((b) => (b.action === 'remind' && remindAt ? `${b.text}（${remindAt} 后可再催）` : b.text)))]
    if (chosen) this.open(chosen.action)
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },

  sheet(): Sheet {
    return this.selectComponent('#sheet') as unknown as Sheet
  },

  async onSubmit(e: WechatMiniprogram.CustomEvent<Submitted>) {
    const { ticket, busy } = this.data
    if (busy || !ticket) return
    this.setData({ busy: true, notice: '', refused: {}, offers: [] })
    try {
      await this.send(ticket, e.detail)
      this.lost = ''
      this.sheet().done()
      this.setData({ sheet: '' })
    } catch (err) {
      await this.onRefused(err, ticket, e.detail)
    } finally {
      this.setData({ busy: false })
    }
  },

  async send(ticket: Ticket, { name, fields, internal, offer, key }: Submitted) {
    if (offer) {
      await this.takeOffer(ticket, offer)
    } else if (name === 'message') {
      await writeMessage(ticket.id, { ...(fields as { body: string }), visibility: internal ? 'internal' : 'public' }, key)
      // A first public answer stops a clock and changes the state: ask for the whole ticket.
      this.show(await getTicket(ticket.id))
      void wx.showToast({ title: internal ? '已记下' : '已发送' })
    } else if (name === 'reveal') {
      this.setData({ revealed: await reveal(ticket.id, String(fields.purpose)) })
    } else {
      this.show(await act(ticket, name, fields))
      void wx.showToast({ title: '好了' })
    }
  },

  /** The notice comes too late for the date it wishes: another date, or the vendor's consent to this one. */
  async takeOffer(ticket: Ticket, offer: string) {
    const short = offer === 'short'
    const ready = short ? ticket : await act(ticket, 'edit_notice', { wished_on: offer })
    this.show(ready)
    this.show(await act(ready, 'issue', short ? { accept_short: true } : {}))
    void wx.showToast({ title: '已签发' })
  },

  /** Nothing typed is lost: the sheet stays, or opens again with the same words. */
  async onRefused(e: unknown, before: Ticket, { name }: Submitted) {
    if (e instanceof Problem && e.unanswered) {
      this.lost = name
      this.setData({ notice: `${e.title}。写的都在，再点一次就好，不会重复。` })
      return
    }
    this.sheet().renewKey()
    if (isCode(e, 'LEAD_TIME_SHORT') && e.earliestOn) {
      const wished = before.particulars.wished_on ? dateWords(before.particulars.wished_on) : '原来的日子'
      this.setData({
        notice: e.detail || e.title,
        offers: [
          { id: e.earliestOn, title: `改成 ${dateWords(e.earliestOn)}，马上签发`, text: '协议允许的最早一天' },
          { id: 'short', title: `仍按 ${wished} 签发`, text: '要请乙方书面同意缩短；不同意就按约定的提前期' },
        ],
      })
      return
    }
    if (!isCode(e, 'VERSION_STALE', 'ACTION_NOT_ALLOWED')) {
      this.setData({ refused: e instanceof Problem ? e.byField : {}, notice: explain(e) })
      return
    }
    try {
      const after = await getTicket(before.id)
      this.show(after)
      const changed = whatChanged(before, after)
      if (this.lost === name && after.version > before.version) {
        this.lost = ''
        this.setData({ sheet: '' })
        await wx.showModal({ title: '上一次多半已经办成了', content: `${changed}。先看一眼；真没有的话，写的都还在，再点一次就好。`, showCancel: false, confirmText: '知道了' })
        return
      }
      const still = name === 'message' || name === 'reveal' || after.allowed_actions.includes(name as Action)
      if (still) {
        this.setData({ notice: `${changed}。你写的还在，看过后可以再点一次。` })
        return
      }
      this.setData({ sheet: '' })
      await wx.showModal({ title: '现在不用这一步了', content: `${changed}。你写的内容还留着。`, showCancel: false, confirmText: '知道了' })
    } catch (err) {
      this.setData({ notice: explain(err) })
    }
  },

  onTimeline() {
    void wx.navigateTo({ url: `/packages/ticket/timeline/timeline?id=${this.id}` })
  },

  onClocks() {
    void wx.navigateTo({ url: `/packages/ticket/clocks/clocks?id=${this.id}` })
  },

  /** What was learned here, for everybody who meets it next; the same tap twice makes one draft. */
  async onArticle() {
    const { confirm } = await wx.showModal({ title: '写成文章？', content: '会在「常见问题」里建一份草稿，你改好、同事审核后才发布。', confirmText: '写' })
    if (!confirm) return
    this.articleKey ||= newKey()
    try {
      const { id, item_id } = await articleFrom(this.id, this.articleKey)
      // The course lies below it: whoever has put it right goes back there to hand it in.
      await wx.navigateTo({ url: `/packages/authoring/course/course?id=${id}` })
      await wx.navigateTo({ url: `/packages/authoring/item/item?course=${id}&id=${item_id}` })
    } catch (e) {
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onReceipt() {
    void wx.navigateTo({ url: `/packages/ticket/receipt/receipt?id=${this.id}` })
  },

  onOldRecords() {
    this.setData({ showOld: !this.data.showOld })
  },

  onMeToo() {
    this.open('me_too')
  },

  onLink(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/ticket/detail/detail?id=${e.currentTarget.dataset.id}` })
  },

  onTarget() {
    const target = this.data.ticket?.merged_into
    if (target) void wx.navigateTo({ url: `/packages/ticket/detail/detail?id=${target.id}` })
  },
})
