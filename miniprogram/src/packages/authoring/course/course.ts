import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { actOnCourse, getWork, newItem, type CourseAction, type Work, type WorkItem } from '../../../services/courses'
import type { MaterialKind } from '../../../services/learning'
import { explain, isCode, Problem } from '../../../services/problem'
import { ensureSession } from '../../../services/session'
import { sendAll, sendingOf, type Sending } from '../../../services/uploads'
import type { Word } from '../../../words/agreement'
import { categoryWords, materialWords } from '../../../words/learning'
import { chooseFor, hasFile } from '../choosing'
import { actionForms, itemForm, mandatoryLine, STARTERS } from '../forms'
import { bodyOf } from '../pages'
import { actionWords, courseStates } from '../words'

interface Row {
  id: string
  icon: string
  title: string
  line: string
}

function row(i: WorkItem): Row {
  const version = i.draft_version ? `第 ${i.draft_version} 稿${i.published_version ? '，改过' : ''}` : '已发布'
  return { id: i.id, icon: materialWords[i.kind].icon, title: i.title, line: [materialWords[i.kind].word, i.required ? '必学' : '选学', version].join(' · ') }
}

/** Of a course that is out already, what its next edition would change: for who reviews, and for who just wrote it. */
function changed(w: Work): { title: string; rows: Row[] }[] {
  const rows = w.edition ? w.sections.flatMap((s) => s.items).filter((i) => i.draft_version !== null).map(row) : []
  return rows.length ? [{ title: '这次改了', rows }] : []
}

/** Asked once more where others will see it. */
const sure: Partial<Record<CourseAction, { title: string; content: string }>> = {
  submit_for_review: { title: '提交审核？', content: '负责人看过才能发布；审核期间不能改。' },
  approve: { title: '审核通过？', content: '你看过全部内容，认为可以给甲方看。' },
  publish: { title: '现在发布？', content: '甲方员工马上看得到；学过的人会看到「有新内容」。' },
}

Page({
  data: { scale, ...loading, id: '', title: '', summary: '', word: courseStates.draft as Word, lines: [] as string[], returned: '', sections: [] as { title: string; rows: Row[] }[], actions: [] as { action: CourseAction; text: string; plain: boolean }[], mayEdit: false, ...closed },

  id: '',
  sending: [] as Sending[],
  sendingKind: '' as MaterialKind | '',
  work: null as Work | null,

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
      this.show(await getWork(this.id))
    })
  },

  show(w: Work) {
    this.work = w
    this.setData({
      phase: 'ready', title: w.title, summary: w.summary, word: courseStates[w.state],
      lines: [`${categoryWords[w.category].word} · ${w.edition ? `已发布到第 ${w.edition} 版` : '还没发布过'}`, mandatoryLine(w)],
      returned: w.reason ?? '',
      sections: [...changed(w), ...w.sections.map((s) => ({ title: s.title, rows: s.items.map(row) }))],
      actions: w.allowed_actions.map((action) => ({ action, text: actionWords[action], plain: action === 'withdraw' || action === 'return_draft' })).sort((a, b) => Number(a.plain) - Number(b.plain)),
      mayEdit: w.state === 'draft',
    })
  },

  onItem(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/authoring/item/item?course=${this.id}&id=${e.currentTarget.dataset.id}` })
  },

  onAdd() {
    openSheet(this, 'item', itemForm)
  },

  async onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: CourseAction }>) {
    const { action } = e.currentTarget.dataset
    const form = actionForms[action]
    if (form) {
      openSheet(this, action, form)
      return
    }
    const asked = sure[action]
    if (asked && !(await wx.showModal({ ...asked, confirmText: actionWords[action], cancelText: '再看看' })).confirm) return
    await this.go(action)
  },

  async go(action: CourseAction) {
    if (!this.work || this.data.busy) return
    this.setData({ busy: true })
    try {
      this.show(await actOnCourse(this.work, action, {}))
      void wx.showToast({ title: '好了' })
    } catch (e) {
      await wx.showModal({ title: '没有办成', content: explain(e), showCancel: false, confirmText: '知道了' })
      if (isCode(e, 'VERSION_STALE', 'ACTION_NOT_ALLOWED')) void this.load()
    }
    this.setData({ busy: false })
  },

  onSubmit(e: SubmitEvent) {
    const { work } = this
    if (!work) return
    void submit(this, e, {
      send: async ({ name, fields, key }) => {
        if (name !== 'item') {
          this.show(await actOnCourse(work, name as CourseAction, fields))
          return
        }
        const before = new Set(work.sections.flatMap((s) => s.items.map((i) => i.id)))
        const made = await this.made(fields.kind as MaterialKind)
        const after = await newItem(work, { ...STARTERS[String(fields.kind)], ...made, ...fields }, key)
        this.sending = []
        this.show(after)
        const fresh = after.sections.flatMap((s) => s.items).find((i) => !before.has(i.id))
        if (fresh) await wx.navigateTo({ url: `/packages/authoring/item/item?course=${this.id}&id=${fresh.id}` })
      },
      again: () => this.load(),
    })
  },

  /** What an item of this kind begins with: its file, or the pictures of its pages. Tried again, what has arrived is not sent again. */
  async made(kind: MaterialKind): Promise<{ upload_id?: string; body_md?: string }> {
    if (!hasFile(kind) && kind !== 'slides') return {}
    if (kind !== this.sendingKind || !this.sending.length) this.sending = (await chooseFor(kind)).map(sendingOf)
    this.sendingKind = kind
    if (!this.sending.length) throw new Problem(400, 'NO_FILE', '还没有选文件')
    const ids = await sendAll(this.sending, (percent) => this.setData({ notice: `正在上传 ${percent}%` }))
    this.setData({ notice: '' })
    return kind === 'slides' ? { body_md: bodyOf(ids.map((id) => ({ alt: '', target: `upload:${id}`, words: '' }))) } : { upload_id: ids[0] ?? '' }
  },

  onSheetClosed() {
    this.sending = []
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
