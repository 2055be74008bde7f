import { now } from '../../services/server-time'
import type { Attachment, TicketRecord } from '../../services/tickets'
import { recordLines, recordState, recordTitle, specOf, type RecordLine } from '../../words/records'
import { timeWords } from '../../words/time'

/** One text that counts: what it says, who wrote it, and who has put their name under it. */
Component({
  properties: {
    record: { type: Object, value: {} as TicketRecord },
    files: { type: Array, value: [] as Attachment[] },
  },
  data: { title: '', icon: '', state: '', look: '', lines: [] as RecordLine[], signs: [] as string[], by: '' },
  observers: {
    record(r: TicketRecord) {
      if (!r.id) return
      const at = now()
      const sign = (side: string, s: TicketRecord['client_signed']): string[] => (s ? [`${side} ${s.by.display_name} 签于 ${timeWords(s.at, at)}`] : [])
      this.setData({
        title: recordTitle(r),
        icon: specOf(r.type).icon,
        state: recordState(r),
        look: r.state === 'superseded' || r.state === 'refused' ? 'old' : r.state === 'draft' ? 'draft' : r.client_signed && r.vendor_signed ? 'both' : '',
        lines: recordLines(r, at),
        signs: [...sign('乙方', r.vendor_signed), ...sign('甲方', r.client_signed)],
        by: `${r.author.display_name} · ${timeWords(r.at, at)}`,
      })
    },
  },
})
