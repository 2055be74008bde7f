import type { Kind, ProgressStep } from '../../services/tickets'
import { stageOf } from '../../words/stages'

interface Drawn {
  title: string
  look: 'done' | 'now' | 'later'
}

/** The way of this kind of ticket: what is behind, where it stands, what is ahead. */
Component({
  properties: {
    kind: { type: String, value: 'fault' },
    steps: { type: Array, value: [] as ProgressStep[] },
    /** It is over: nothing of it is still going on. */
    over: { type: Boolean, value: false },
    /** Withdrawn or merged: the way broke off. */
    ended: { type: Boolean, value: false },
  },
  data: { drawn: [] as Drawn[], spoken: '', many: false },
  observers: {
    'kind, steps, over'(kind: Kind, steps: ProgressStep[], over: boolean) {
      const here = steps.filter((s) => s.reached).length - 1
      const done = over ? here + 1 : here
      this.setData({
        drawn: steps.map((s, i): Drawn => ({ title: stageOf(kind, s.state).step ?? s.title, look: i < done ? 'done' : i === here ? 'now' : 'later' })),
        spoken: `进度：共 ${steps.length} 步，现在是${steps[here]?.title ?? ''}`,
        many: steps.length > 5,
      })
    },
  },
})
