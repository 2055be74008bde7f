import { scale } from '../../../look'
import { face, type Face } from '../../../services/face'
import { explain, isCode, Problem } from '../../../services/problem'
import { ensureSession, me } from '../../../services/session'
import { act, getTicket, listMessages, reveal, writeMessage, type Action, type Clock, type Message, type Revealed, type Solution, type Ticket } from '../../../services/tickets'
import type { FormName } from '../../../components/action-form/forms'
import { viewOf, whatChanged, type Button } from './view'

interface Submitted {
  name: FormName
  fields: Record<string, unknown>
  internal: boolean
  key: string
}

interface Sheet {
  done: () => void
  renewKey: () => void
}

Page({
  data: {
    scale,
    phase: 'loading' as 'loading' | 'ready' | 'failed',
    reason: '',
    face: 'client' as Face,
    myId: '',
    ticket: null as Ticket | null,
    next: '',
    myTurn: false,
    people: [] as { name: string; value: string }[],
    facts: [] as { name: string; value: string }[],
    clocks: [] as Clock[],
    oldClocks: false,
    solutions: [] as Solution[],
    wait: null as { reason: string; by: string } | null,
    messages: [] as Message[],
    messageCursor: '',
    primary: null as Button | null,
    second: null as Button | null,
    rest: [] as Button[],
    remindAt: '',
    revealed: null as Revealed | null,
    sheet: '' as FormName | '',
    busy: false,
    refused: {} as Record<string, string>,
    notice: '',
  },

  id: '',

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
      const person = await ensureSession()
      this.setData({ face: face(), myId: person.id })
      this.show(await getTicket(this.id))
    } catch (e) {
      if (this.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
      else this.setData({ phase: 'failed', reason: explain(e) })
    }
  },

  show(ticket: Ticket) {
    this.setData({ phase: 'ready', ...viewOf(ticket, face(), me()?.id ?? '') })
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
    this.setData({ sheet: name, refused: {}, notice: '' })
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
    const named = rest.slice(0, 6)
    try {
      const { tapIndex } = await wx.showActionSheet({ itemList: named.map((b) => (b.action === 'remind' && remindAt ? `${b.text}（${remindAt} 后可再催）` : b.text)) })
      const chosen = named[tapIndex]
      if (chosen) this.open(chosen.action as FormName)
    } catch {
      // Closed without a choice.
    }
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
    this.setData({ busy: true, notice: '', refused: {} })
    try {
      await this.send(ticket, e.detail)
      this.sheet().done()
      this.setData({ sheet: '' })
    } catch (err) {
      await this.onRefused(err, ticket, e.detail)
    } finally {
      this.setData({ busy: false })
    }
  },

  async send(ticket: Ticket, { name, fields, internal, key }: Submitted) {
    if (name === 'message') {
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

  /** Nothing typed is lost: the sheet stays, or opens again with the same words. */
  async onRefused(e: unknown, before: Ticket, { name }: Submitted) {
    if (e instanceof Problem && e.unanswered) {
      this.setData({ notice: `${e.title}。写的都在，再点一次就好，不会重复。` })
      return
    }
    this.sheet().renewKey()
    if (!isCode(e, 'VERSION_STALE', 'ACTION_NOT_ALLOWED')) {
      this.setData({ refused: e instanceof Problem ? e.byField : {}, notice: explain(e) })
      return
    }
    try {
      const after = await getTicket(before.id)
      this.show(after)
      const changed = whatChanged(before, after)
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

  onReceipt() {
    void wx.navigateTo({ url: `/packages/ticket/receipt/receipt?id=${this.id}` })
  },

  onTarget() {
    const target = this.data.ticket?.merged_into
    if (target) void wx.navigateTo({ url: `/packages/ticket/detail/detail?id=${target.id}` })
  },
})
