import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getContract, listVersions, previewParameters, proposeParameters, type ParameterValue, type ParameterVersion } from '../../../services/agreement'
import { isManager, seat } from '../../../services/face'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { movedWords, valueOf, valueWords, versionLine, versionTitle } from '../../../words/agreement'
import { timeWords } from '../../../words/time'
import { closed, openSheet, submit, type SubmitEvent } from '../../../components/action-form/acting'
import { asked, proposalForm } from './forms'

const NAMED = ['P3', 'P4', 'P7', 'P8']

/** The server's text names the words of the agreement file; people read what they mean. */
const plainText = (code: string, text: string): string =>
  Object.entries(NAMED.includes(code) ? valueWords[code] ?? {} : {}).reduce((said, [wire, words]) => said.replace(`${wire}：`, `「${words}」：`), text)

interface Past {
  id: string
  title: string
  before: string
  after: string
  line: string
}

Page({
  data: {
    scale,
    ...loading,
    code: '',
    title: '',
    text: '',
    value: '',
    since: '',
    history: [] as Past[],
    may: false,
    fixed: false,
    prefill: {},
    ...closed,
  },

  code: '',
  parameter: null as ParameterValue | null,

  onLoad(query: { code?: string }) {
    this.code = query.code ?? ''
  },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const [{ parameters, set_up }, { items }] = await Promise.all([getContract(), listVersions<ParameterVersion>('parameters')])
      // P16 names people and is never shown; it can be proposed all the same.
      const found = parameters.values.find((p) => p.code === this.code)
      const p = found ?? { code: this.code, title: '双方代表', text: '谁可以代表一方签发、签署和验收。名单只有签署时的双方知道，这里不显示。', value: 'none' }
      this.parameter = p
      void wx.setNavigationBarTitle({ title: `${p.code} ${p.title}` })
      const touching = items.filter((v) => v.changes.some((c) => c.code === p.code))
      const latest = touching.find((v) => v.state === 'signed' && v.effective_from !== null && Date.parse(v.effective_from) <= now())
      this.setData({
        phase: 'ready',
        code: p.code,
        title: p.title,
        text: plainText(p.code, p.text),
        value: found ? valueOf(p.code, p.value) : '不显示',
        since: latest?.effective_from ? `${timeWords(latest.effective_from, now())} 起，${versionTitle(latest)}` : '签订时就是这样',
        history: touching.map((v): Past => {
          const change = v.changes.find((c) => c.code === p.code)
          return { id: v.id, title: versionTitle(v), before: valueOf(p.code, change?.before), after: valueOf(p.code, change?.after), line: versionLine(v, now()) }
        }),
        may: set_up && (isManager() || seat() === 'lead') && Boolean(asked[p.code]),
        fixed: !asked[p.code],
      })
    })
  },

  onPropose() {
    const p = this.parameter
    const form = p && proposalForm(p.code, p.title)
    if (!p || !form) return
    this.setData({ prefill: asked[p.code]?.fill(p.value) ?? {} })
    openSheet(this, 'propose', form, [`把 ${p.code} ${p.title} 改成上面写的，其余参数不变`])
  },

  onSubmit(e: SubmitEvent) {
    const p = this.parameter
    const own = p && asked[p.code]
    if (!p || !own) return
    const body = (fields: Record<string, unknown>): Parameters<typeof proposeParameters>[0] => {
      const { reason, effective_from } = fields as { reason: string; effective_from?: string }
      return { changes: { [p.code]: own.value(fields) }, reason, ...(effective_from ? { effective_from } : {}) }
    }
    void submit(this, e, {
      // Proposing signs: what it would move is shown before.
      exactly: async (fields) => `${p.code} ${p.title}：\n${valueOf(p.code, p.value)} → ${valueOf(p.code, own.value(fields))}\n${movedWords(await previewParameters(body(fields)), now())}`,
      send: async ({ fields, key }) => {
        const { id } = await proposeParameters(body(fields), key)
        void wx.navigateTo({ url: `/packages/agreement/annex/annex?kind=parameters&id=${id}` })
      },
      again: () => this.load(),
    })
  },

  onSheetClosed() {
    if (this.data.sheet) this.setData({ sheet: '' })
  },

  onVersion(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/annex/annex?kind=parameters&id=${e.currentTarget.dataset.id}` })
  },
})
