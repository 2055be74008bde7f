import { now } from '../../services/server-time'
import { OPEN_STATES, type Summary } from '../../services/tickets'
import { dueWords, severityWords, turnWords } from '../../words/ticket'
import { timeWords } from '../../words/time'

Component({
  properties: {
    ticket: { type: Object, value: {} as Summary },
    /** client: what is asked of me; vendor: who reports, who has it. */
    face: { type: String, value: 'client' },
  },
  data: { turn: '', who: '', when: '', severity: '', due: '', ended: '' },
  observers: {
    'ticket, face'(t: Summary, face: string) {
      if (!t.id) return
      const vendor = face === 'vendor'
      const handler = t.assignee ? t.assignee.display_name : '未分派'
      this.setData({
        turn: vendor ? '' : turnWords[t.state] ?? '',
        who: vendor ? `${t.department ?? t.reporter.display_name} · ${handler}` : t.assignee ? `${handler} ${OPEN_STATES.includes(t.state) ? '在处理' : '处理'}` : '',
        when: timeWords(t.received_at, now()),
        severity: t.severity === 'major' ? '' : severityWords[t.severity],
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
