import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { actOnMilestone, getMilestone, traceOf, type Milestone, type MilestoneAction } from '../../../services/agreement'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import type { Attachment } from '../../../services/ticket-types'
import { recordStates, sideWords, type Word } from '../../../words/agreement'
import { clockName } from '../../../words/ticket'
import { exactWords, timeWords } from '../../../words/time'
import { clauseWords, how, lineOf, type Trace } from '../../../words/trace'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { signedWords } from '../items'
import { milestoneForms } from './forms'

interface Version {
  number: number
  word: Word
  text: string
  files: Attachment[]
  by: string
  decided: string
  digest: string
}

const words: Record<MilestoneAction, string> = { submit: '提交', accept: '确认', return: '退回', demand: '指定提交日期' }

Page({
  data: {
    scale,
    ...loading,
    milestone: null as Milestone | null,
    word: recordStates.open as Word,
    clause: '',
    clockName: '',
    clockHow: '',
    due: '',
    versions: [] as Version[],
    actions: [] as { action: MilestoneAction; text: string; plain: boolean }[],
    lines: [] as Trace[],
    tracing: false,
    ...closed,
  },

  id: '',

  onLoad(query: { id?: string }) {
    this.id = query.id ?? ''
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      this.show(await getMilestone(this.id))
    })
  },

  show(m: Milestone) {
    void wx.setNavigationBarTitle({ title: m.title })
    this.setData({
      phase: 'ready',
      milestone: m,
      word: recordStates[m.state],
      clause: clauseWords(m.clause),
      clockName: m.clock ? (m.clock.unit === 'instant' ? '甲方指定的日期' : clockName({ ...m.clock, title: '提交' })) : '',
      clockHow: m.clock ? `由${sideWords[m.clock.obligor]}履行；${how[m.clock.unit]}` : '',
      due: m.clock ? `${timeWords(m.clock.due_at, now())}${m.clock.provisional ? '（暂定）' : ''}` : '',
      versions: [...m.versions].reverse().map((v): Version => ({
        number: v.number,
        word: recordStates[v.state],
        text: v.text,
        files: v.attachments,
        by: `${v.author?.display_name ?? ''} 签署于 ${exactWords(v.at)}`,
        decided: v.decided ? `${v.state === 'returned' ? '退回' : '确认'}：${signedWords(v.decided)}${v.reason ? `：${v.reason}` : ''}` : '',
        digest: v.digest.slice(0, 16),
      })),
      actions: m.allowed_actions.map((action) => ({ action, text: action === 'submit' && m.versions.length ? '提交新版' : words[action], plain: action === 'return' || action === 'demand' })),
    })
  },

  async onTrace() {
    const clock = this.data.milestone?.clock
    if (!clock) return
    this.setData({ tracing: true })
    try {
      this.setData({ lines: (await traceOf(clock)).trace.map(lineOf) })
    } catch (e) {
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
    this.setData({ tracing: false })
  },

  onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: MilestoneAction }>) {
    const { milestone } = this.data
    if (!milestone) return
    const { action } = e.currentTarget.dataset
    const last = milestone.versions[milestone.versions.length - 1]
    const signed: Record<MilestoneAction, string[]> = {
      submit: [`上面写的${milestone.title}`, `${milestone.number} 第 ${milestone.versions.length + 1} 版`],
      accept: last ? [`${milestone.title} ${milestone.number} 第 ${last.number} 版`, last.text.length > 80 ? `${last.text.slice(0, 80)}…` : last.text, `附件 ${last.attachments.length} 个，摘要 ${last.digest.slice(0, 16)}`] : [],
      return: [],
      demand: [`${milestone.title} ${milestone.number} 最晚在上面选的时间提交`],
    }
    openSheet(this, action, milestoneForms(milestone.title)[action], signed[action])
  },

  onSubmit(e: SubmitEvent) {
    const { milestone } = this.data
    if (!milestone) return
    void submit(this, e, {
      send: async ({ name, fields }) => this.show(await actOnMilestone(milestone, name as MilestoneAction, fields)),
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
