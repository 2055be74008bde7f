import { seat } from '../../services/face'
import { now } from '../../services/server-time'
import type { Kind, Summary } from '../../services/tickets'
import { isOpen, stageOf } from '../../words/stages'
import { dueWords, kindWords, severityWords } from '../../words/ticket'
import { timeWords } from '../../words/time'

/** What the reader is asked for, when it is theirs to do. */
function askOf(t: Summary): string {
  const { turn, ask = '' } = stageOf(t.kind, t.state)
  return turn === 'manager' && seat() !== 'manager' ? '' : ask
}

Component({
  properties: {
    ticket: { type: Object, value: {} as Summary },
    /** client: what is asked of me; vendor: who reports, who has it. */
    face: { type: String, value: 'client' },
  },
  data: { turn: '', who: '', when: '', severity: '', due: '', ended: '', kind: '', icon: 'tools' },
  observers: {
    'ticket, face'(t: Summary, face: string) {
      if (!t.id) return
      const vendor = face === 'vendor'
      const handler = t.assignee ? t.assignee.display_name : '未分派'
      const { word, icon } = (kindWords as Partial<typeof kindWords>)[t.kind as Kind] ?? { word: '', icon: 'task' }
      this.setData({
        kind: word,
        icon,
        turn: vendor ? '' : askOf(t),
        who: vendor ? `${t.department ?? t.reporter.display_name} · ${handler}` : t.assignee ? `${handler} ${isOpen(t.state) ? '在处理' : '处理'}` : '',
        when: timeWords(t.received_at, now()),
        severity: t.severity && t.severity !== 'major' ? severityWords[t.severity] : '',
        due: t.next_due ? dueWords(t.next_due.code) : '',
        ended: t.rating ? `评价 ${t.rating} 星` : '',
      })
    },
  },
  methods: {
    onOpen() {
      void wx.navigateTo({ url: `/packages/ticket/detail/detail?id=${this.data.ticket.id}` })
    },
  },
})
