import type { Form } from '../../../components/action-form/forms'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { beginStage, listDeliveries, listMilestones, type Delivery, type Milestone, type RecordClock } from '../../../services/agreement'
import { seat } from '../../../services/face'
import { Problem } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { itemStates, recordStates, type Word } from '../../../words/agreement'
import { timeWords } from '../../../words/time'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { latestItems } from '../items'

interface Row {
  id: string
  title: string
  line: string
  word: Word
  clock: RecordClock | null
  mine: boolean
}

const milestone = (m: Milestone): Row => ({ id: m.id, title: m.title, line: `${m.number} · 协议 ${m.clause}`, word: recordStates[m.state], clock: m.clock, mine: m.allowed_actions.some((a) => a !== 'demand') })

function delivery(d: Delivery): Row {
  const items = latestItems(d.items)
  const done = items.filter((i) => i.state === 'accepted').length
  const word = d.state === 'accepted' ? { ...recordStates.accepted, text: '双方已签' } : done === items.length ? { ...itemStates.provided, text: '待签署' } : recordStates[d.state]
  return { id: d.id, title: `交付 ${d.number}`, line: `${items.length} 项，已通过 ${done} 项 · ${timeWords(d.submitted_at, now())} 提交`, word, clock: null, mine: d.allowed_actions.length > 0 }
}

const STAGE: Form = { title: '开始一个阶段的检测', lead: '会建功能、性能、安全三项检测，各交一份报告（协议 7.2.1；协议把功能测试印了两遍，第二项按性能测试）。', submit: '开始', fields: [{ name: 'stage', kind: 'text', label: '第几阶段（1 至 50）', placeholder: '写数字', required: true, max: 2, lines: 1 }] }

Page({
  data: { scale, ...loading, rows: [] as Row[], deliveries: [] as Row[], lead: false, mayDeliver: false, ...closed },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const [milestones, deliveries] = await Promise.all([listMilestones(), listDeliveries()])
      const lead = seat() === 'lead'
      this.setData({ phase: 'ready', rows: milestones.items.map(milestone), deliveries: deliveries.items.map(delivery), lead, mayDeliver: lead && !deliveries.items.length })
    })
  },

  onMilestone(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/milestone/milestone?id=${e.currentTarget.dataset.id}` })
  },

  onDelivery(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/delivery/delivery?id=${e.currentTarget.dataset.id}` })
  },

  onHandOver() {
    void wx.navigateTo({ url: '/packages/agreement/hand-over/hand-over' })
  },

  onStage() {
    openSheet(this, 'stage', STAGE)
  },

  onSubmit(e: SubmitEvent) {
    void submit(this, e, {
      send: async ({ fields, key }) => {
        const stage = Number(fields.stage)
        if (!Number.isInteger(stage)) throw new Problem(422, 'INVALID', '阶段写成数字')
        await beginStage(stage, key)
        await this.load()
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
