import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { delegate, invite, listDelegates, revokeDelegation, type Invitation } from '../../../services/account'
import { isManager } from '../../../services/face'
import { explain, isCode, Problem } from '../../../services/problem'
import { now } from '../../../services/server-time'
import type { PersonRef } from '../../../services/tickets'
import { timeWords } from '../../../words/time'

interface Row {
  id: string
  who: string
}

const who = (p: PersonRef): string => [p.display_name, p.department].filter(Boolean).join(' · ')

const shown = (i: Invitation) => ({ who: who(i.person), code: i.code, until: timeWords(i.expires_at, now()), replaces: i.replaces })

/** What the server says about the number belongs under it. */
const wrong = (e: unknown): string => (e instanceof Problem ? e.fields.find((f) => f.field === 'employee_no')?.message : undefined) ?? explain(e)

Page({
  data: {
    scale,
    ...loading,
    manager: false,
    number: '',
    error: '',
    made: null as ReturnType<typeof shown> | null,
    delegates: [] as Row[],
    delegateNumber: '',
    delegateError: '',
    busy: false,
  },

  onLoad() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const manager = isManager()
      const delegates = manager ? (await listDelegates()).items : []
      this.setData({ phase: 'ready', manager, delegates: delegates.map((d) => ({ id: d.person.id, who: who(d.person) })) })
    })
  },

  onNumber(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ number: e.detail.value.trim(), error: '' })
  },

  async onInvite() {
    const { number, busy } = this.data
    if (busy) return
    if (!number) {
      this.setData({ error: '请填工号' })
      return
    }
    this.setData({ busy: true, made: null })
    try {
      const made = await this.invited(number)
      if (made) this.setData({ made: shown(made), number: '' })
    } catch (e) {
      this.setData({ error: wrong(e) })
    }
    this.setData({ busy: false })
  },

  /** Asks before somebody's WeChat account is put in another's place; null when the answer was no. */
  async invited(number: string): Promise<Invitation | null> {
    try {
      return await invite(number, false)
    } catch (e) {
      if (!isCode(e, 'ALREADY_BOUND')) throw e
    }
    const content = '此人已绑定微信。只有本人换了手机或微信时才换绑：请先当面或打电话核实。邀请码一用，原来的微信马上退出。'
    const { confirm } = await wx.showModal({ title: '换绑微信？', content, confirmText: '发换绑码' })
    return confirm ? invite(number, true) : null
  },

  onCopy() {
    if (this.data.made) void wx.setClipboardData({ data: this.data.made.code })
  },

  onDelegateNumber(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ delegateNumber: e.detail.value.trim(), delegateError: '' })
  },

  async onDelegate() {
    const { delegateNumber, busy } = this.data
    if (busy) return
    if (!delegateNumber) {
      this.setData({ delegateError: '请填工号' })
      return
    }
    this.setData({ busy: true })
    try {
      await delegate(delegateNumber)
      this.setData({ delegateNumber: '' })
      await this.load()
    } catch (e) {
      this.setData({ delegateError: wrong(e) })
    }
    this.setData({ busy: false })
  },

  async onRevoke(e: WechatMiniprogram.TouchEvent<object, object, { id: string; who: string }>) {
    const { id, who } = e.currentTarget.dataset
    const { confirm } = await wx.showModal({ title: '收回授权？', content: `${who} 将看不到同事报的工单；已经点了“我也遇到”的不受影响。`, confirmText: '收回' })
    if (!confirm) return
    try {
      await revokeDelegation(id)
      this.setData({ delegates: this.data.delegates.filter((d) => d.id !== id) })
    } catch (err) {
      void wx.showToast({ title: explain(err), icon: 'none' })
    }
  },
})
