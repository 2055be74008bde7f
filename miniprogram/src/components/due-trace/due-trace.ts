import type { Trace } from '../../words/trace'

/** The days on the way to a deadline: what each is, and whether it counts. */
Component({
  properties: {
    lines: { type: Array, value: [] as Trace[] },
  },
})
