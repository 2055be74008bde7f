import { now } from '../../services/server-time'
import type { Solution } from '../../services/tickets'
import { solutionStateWords, solutionWords } from '../../words/ticket'
import { timeWords } from '../../words/time'

Component({
  properties: {
    solution: { type: Object, value: {} as Solution },
  },
  data: { kind: '', state: '', eta: '', by: '' },
  observers: {
    solution(s: Solution) {
      if (!s.id) return
      this.setData({
        kind: `方案 ${s.number} · ${solutionWords[s.solution_type]}`,
        state: solutionStateWords[s.state],
        eta: s.eta ? timeWords(s.eta, now()) : '',
        by: `${s.author.display_name} · ${timeWords(s.published_at, now())}`,
      })
    },
  },
})
