/** A labelled field that says how much room is left and, under itself, what is wrong. */
Component({
  properties: {
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    value: { type: String, value: '' },
    placeholder: { type: String, value: '' },
    error: { type: String, value: '' },
    max: { type: Number, value: 200 },
    lines: { type: Number, value: 1 },
    required: { type: Boolean, value: false },
    inputType: { type: String, value: 'text' },
  },
  data: { count: 0, focused: false },
  observers: {
    value(value: string) {
      this.setData({ count: Array.from(value).length })
    },
  },
  methods: {
    onInput(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
      // Not written back to `value`: a slow answer from the page must not undo the next key.
      this.setData({ count: Array.from(e.detail.value).length })
      this.triggerEvent('change', { value: e.detail.value })
    },
    onFocus() {
      this.setData({ focused: true })
    },
    onBlur() {
      this.setData({ focused: false })
    },
  },
})
