import { now } from '../../services/server-time'
import type { Message } from '../../services/tickets'
import { timeWords } from '../../words/time'

Component({
  properties: {
    message: { type: Object, value: {} as Message },
    mine: { type: Boolean, value: false },
  },
  data: { who: '', at: '', initial: '' },
  observers: {
    message(m: Message) {
      if (!m.id) return
      const name = m.author.display_name
      this.setData({ who: `${name} · ${m.side === 'client' ? '甲方' : '乙方'}`, at: timeWords(m.at, now()), initial: name.slice(0, 1) })
    },
  },
})
