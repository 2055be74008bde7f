import type { State } from '../../services/tickets'
import { steps, stepsDone } from '../../words/ticket'

Component({
  properties: {
    state: { type: String, value: 'submitted' },
  },
  data: { steps: [] as { name: string; look: string }[], ended: false, spoken: '' },
  observers: {
    state(state: State) {
      const done = stepsDone[state]
      this.setData({
        ended: state === 'withdrawn' || state === 'merged',
        spoken: `进度：共 ${steps.length} 步，已完成 ${done} 步`,
        steps: steps.map((name, i) => ({ name, look: i < done ? 'done' : i === done ? 'now' : 'later' })),
      })
    },
  },
})
