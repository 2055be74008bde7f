import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { actOnVersion, getVersion, type AnnexAction, type AnnexKind, type AnnexVersion, type CalendarVersion, type ParameterVersion } from '../../../services/agreement'
import { isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { annexStates, dayLine, dayWords, isCalendar, sideWords, signedBy, valueOf, versionLine, versionTitle, type Signed, type Word } from '../../../words/agreement'
import { dateWords, timeWords } from '../../../words/time'
import { dueWords } from '../../../words/ticket'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { annexForms } from './forms'

interface Change {
  key: string
  title: string
  before: string
  after: string
}

const FIRST = 20

const changesOf = (v: AnnexVersion): Change[] =>
  isCalendar(v)
    ? v.differences.map((d) => ({ key: d.date, title: dateWords(d.date), before: dayWords[d.before.kind].word, after: [d.after.name, dayWords[d.after.kind].word].filter(Boolean).join(' ') }))
    : v.changes.map((c) => ({ key: c.code, title: `${c.code} ${c.title}`, before: valueOf(c.code, c.before), after: valueOf(c.code, c.after) }))

/** Exactly what is signed: every change, or every day that changes. */
function signedLines(v: AnnexVersion): string[] {
  const lines = isCalendar(v) ? v.differences.map((d) => dayLine(d.after)) : changesOf(v).map((c) => `${c.title}：${c.before} → ${c.after}`)
  const more = lines.length > FIRST ? [`……共 ${lines.length} 处，全部列在这一页`] : []
  return [versionTitle(v), ...lines.slice(0, FIRST), ...more, ...(!isCalendar(v) && v.people_changed ? ['名单也改了（不显示）'] : [])]
}

/** A notice does not say of which kind the version is. */
async function fetchVersion(kind: AnnexKind | '', id: string): Promise<{ kind: AnnexKind; v: AnnexVersion }> {
  if (kind) return { kind, v: await getVersion(kind, id) }
  try {
    return { kind: 'parameters', v: await getVersion<ParameterVersion>('parameters', id) }
  } catch (e) {
    if (!isCode(e, 'NOT_FOUND')) throw e
    return { kind: 'calendar', v: await getVersion<CalendarVersion>('calendar', id) }
  }
}

Page({
  data: {
    scale,
    ...loading,
    id: '',
    title: '',
    word: annexStates.proposed as Word,
    line: '',
    by: '',
    why: '',
    from: '',
    changes: [] as Change[],
    people: false,
    signatures: [] as Signed[],
    moved: [] as { key: string; what: string; from: string; to: string }[],
    movedMore: 0,
    open: false,
    actions: [] as { action: AnnexAction; text: string; plain: boolean }[],
    ...closed,
  },

  id: '',
  kind: '' as AnnexKind | '',
  version: null as AnnexVersion | null,

  onLoad(query: { id?: string; kind?: AnnexKind }) {
    this.id = query.id ?? ''
    this.kind = query.kind ?? ''
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const { kind, v } = await fetchVersion(this.kind, this.id)
      this.kind = kind
      this.show(v)
    })
  },

  show(v: AnnexVersion) {
    this.version = v
    void wx.setNavigationBarTitle({ title: versionTitle(v) })
    const own: Record<AnnexAction, string> = { sign: '签署', decline: '不同意', withdraw: '撤回提议' }
    const side = v.proposed_side === 'system' ? '管理员' : sideWords[v.proposed_side]
    this.setData({
      phase: 'ready',
      id: v.id,
      title: versionTitle(v),
      word: annexStates[v.state],
      line: versionLine(v, now()),
      by: `${[side, v.proposed_by?.display_name].filter(Boolean).join(' ')} 提于 ${timeWords(v.proposed_at, now())}`,
      why: isCalendar(v) ? (v.source ? `来源：${v.source}` : '') : v.reason ?? '',
      from: !isCalendar(v) && v.state === 'proposed' ? (v.asked_from ? `希望从 ${timeWords(v.asked_from, now())} 起` : '双方签完 1 分钟后生效') : '',
      changes: changesOf(v),
      people: !isCalendar(v) && v.people_changed,
      signatures: [signedBy('client', v.client_signed, now()), signedBy('vendor', v.vendor_signed, now())],
      moved: v.moved.map((m, i) => ({ key: `${m.number}${m.code}${i}`, what: `${m.number} ${dueWords(m.code)}`, from: timeWords(m.from, now()), to: timeWords(m.to, now()) })),
      movedMore: v.moved_total - v.moved.length,
      open: v.state === 'proposed',
      actions: v.allowed_actions.filter((a) => a in own).map((action) => ({ action, text: own[action], plain: action !== 'sign' })),
    })
  },

  onAct(e: WechatMiniprogram.TouchEvent<object, object, { action: AnnexAction }>) {
    const { action } = e.currentTarget.dataset
    if (this.version) openSheet(this, action, annexForms[action], action === 'sign' ? signedLines(this.version) : [])
  },

  onSubmit(e: SubmitEvent) {
    const { version, kind } = this
    if (!version || !kind) return
    void submit(this, e, {
      exactly: () => `签署「${versionTitle(version)}」，共 ${changesOf(version).length} 处改动。签了就不能收回。`,
      send: async ({ name, fields }) => this.show(await actOnVersion(kind, version, name as AnnexAction, fields)),
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },
})
