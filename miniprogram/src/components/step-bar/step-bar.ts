import type { ProgressStep } from '../../services/tickets'

Component({
  properties: {
    steps: { type: Array, value: [] as ProgressStep[] },
    /** Withdrawn or merged: the way ends here. */
    ended: { type: Boolean, value: false },
  },
  data: { spoken: '', many: false },
  observers: {
    steps(steps: ProgressStep[]) {
      const done = steps.filter((s) => s.state === 'done').length
      const now = steps.find((s) => s.state === 'now')
      this.setData({ spoken: `进度：共 ${steps.length} 步，已完成 ${done} 步${now ? `，现在是${now.name}` : ''}`, many: steps.length > 5 })
    },
  },
})
