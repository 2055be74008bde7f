import { scale } from '../../../look'
import { importCalendar, previewCalendar } from '../../../services/agreement'
import { newKey } from '../../../services/http'
import { explain, Problem } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession, me } from '../../../services/session'
import { movedWords } from '../../../words/agreement'
import { WRITTEN } from '../../../components/action-form/acting'

/** What was typed stays on the phone until it has been taken: a notice is long, and a call may come in between. */
interface Draft {
  owner: string
  key: string
  text: string
  source: string
}

const SLOT = 'draft:calendar'
const empty = (): Draft => ({ owner: me()?.id ?? '', key: newKey(), text: '', source: '' })

function kept(): Draft {
  const found = (wx.getStorageSync(SLOT) as Partial<Draft> | '') || {}
  return found.owner === (me()?.id ?? '') ? { ...empty(), ...found } : empty()
}

/** 国办发明电〔2025〕7号, where the notice names itself. */
const sourceIn = (text: string): string => /国办发明电\s*[〔[（(]\d{4}[〕\])）]\s*\d+\s*号/.exec(text)?.[0] ?? ''

const readText = (filePath: string): Promise<string> =>
  new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({ filePath, encoding: 'utf8', success: ({ data }) => resolve(data as string), fail: reject })
  })

Page({
  data: { scale, text: '', source: '', file: '', errors: {} as Record<string, string>, notice: '', busy: false, written: WRITTEN },

  draft: null as Draft | null,
  year: null as object | null,

  async onLoad() {
    await ensureSession().catch(() => null)
    this.draft = kept()
    this.setData({ text: this.draft.text, source: this.draft.source })
  },

  keep(change: Partial<Draft>) {
    this.draft = { ...(this.draft ?? empty()), ...change }
    wx.setStorageSync(SLOT, this.draft)
  },

  onText(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const text = e.detail.value
    this.keep({ text })
    const source = [this.draft?.source, sourceIn(text)].find(Boolean) ?? ''
    if (source !== this.data.source) {
      this.keep({ source })
      this.setData({ source })
    }
    if (Object.keys(this.data.errors).length) this.setData({ errors: {}, notice: '' })
  },

  onSource(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.keep({ source: e.detail.value })
  },

  async onFile() {
    try {
      const { tempFiles } = await wx.chooseMessageFile({ count: 1, type: 'file', extension: ['json'] })
      const [picked] = tempFiles
      if (!picked) return
      this.year = JSON.parse(await readText(picked.path)) as object
      this.setData({ file: picked.name, errors: {}, notice: '' })
    } catch (e) {
      const { errMsg = '' } = e as { errMsg?: string }
      if (!errMsg.includes('cancel')) this.setData({ notice: '这个文件读不出来：要的是年度文件（.json）' })
    }
  },

  onDropFile() {
    this.year = null
    this.setData({ file: '' })
  },

  async onSubmit() {
    const draft = this.draft ?? empty()
    if (this.data.busy) return
    const errors: Record<string, string> = {}
    if (!this.year && !draft.text.trim()) errors.notice_text = '把通知全文粘贴进来'
    if (!draft.source.trim()) errors.source = '写明出处，例如文号'
    this.setData({ errors, notice: '' })
    if (Object.keys(errors).length) return
    this.setData({ busy: true })
    try {
      const what = { ...(this.year ? { year_file: this.year } : { notice_text: draft.text }), source: draft.source.trim() }
      // Proposing signs: what it would change and move is shown before.
      const seen = await previewCalendar(what)
      const content = `${seen.year} 年有 ${seen.differences.length} 天和现在的不同。\n${movedWords(seen, now())}\n提出就是你这一方签了；对方签之前可以撤回。`
      const { confirm } = await wx.showModal({ title: '再确认一次', content, confirmText: '提出', cancelText: '再看看' })
      if (!confirm) return
      const { id } = await importCalendar(what, draft.key)
      wx.removeStorageSync(SLOT)
      await wx.redirectTo({ url: `/packages/agreement/annex/annex?kind=calendar&id=${id}` })
    } catch (e) {
      if (e instanceof Problem && e.unanswered) this.setData({ notice: `${e.title}。写的都在，再点一次就好，不会重复。` })
      else {
        this.keep({ key: newKey() })
        const errors = e instanceof Problem ? e.byField : {}
        this.setData({ errors, notice: Object.keys(errors).length ? '什么都没有存：改好红字指出的句子再提。' : explain(e) })
      }
    } finally {
      this.setData({ busy: false })
    }
  },
})
