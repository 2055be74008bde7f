import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { getContract, listVersions, type ParameterVersion } from '../../../services/agreement'
import { now } from '../../../services/server-time'
import { annexStates, valueOf, versionLine, versionTitle, type Word } from '../../../words/agreement'
import { timeWords } from '../../../words/time'

interface Row {
  code: string
  title: string
  value: string
}

interface Past {
  id: string
  title: string
  line: string
  what: string
  word: Word
}

const past = (v: ParameterVersion): Past => ({
  id: v.id,
  title: versionTitle(v),
  line: versionLine(v, now()),
  what: v.changes.length ? v.changes.map((c) => `${c.code} ${c.title}`).join('、') : v.people_changed ? '名单' : '签订时的附件',
  word: annexStates[v.state],
})

Page({
  data: { scale, ...loading, since: '', rows: [] as Row[], history: [] as Past[] },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const [{ parameters }, { items }] = await Promise.all([getContract(), listVersions<ParameterVersion>('parameters')])
      const { version, effective_from } = parameters
      this.setData({
        phase: 'ready',
        since: version ? `第 ${version} 版在用${effective_from ? `，${timeWords(effective_from, now())} 起` : ''}` : '协议还没登记，现在用的是默认参数',
        rows: parameters.values.map((p) => ({ code: p.code, title: p.title, value: valueOf(p.code, p.value) })),
        history: items.map(past),
      })
    })
  },

  onParameter(e: WechatMiniprogram.TouchEvent<object, object, { code: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/parameter/parameter?code=${e.currentTarget.dataset.code}` })
  },

  onVersion(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `/packages/agreement/annex/annex?kind=parameters&id=${e.currentTarget.dataset.id}` })
  },

  onFlaws() {
    void wx.navigateTo({ url: '/packages/agreement/flaws/flaws' })
  },
})
