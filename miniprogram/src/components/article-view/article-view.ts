import { rich } from './rich'

/** A text that the server rendered and sanitised, as it is read. */
Component({
  properties: { html: { type: String, value: '' } },
  data: { nodes: '' },
  observers: {
    html(html: string) {
      this.setData({ nodes: rich(html) })
    },
  },
})
