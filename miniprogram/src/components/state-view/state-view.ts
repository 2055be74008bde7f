/** What stands where content will be: its outline, or why there is none and what to do about it. */
Component({
  properties: {
    phase: { type: String, value: 'loading' },
    reason: { type: String, value: '' },
    empty: { type: String, value: '' },
    action: { type: String, value: '' },
    icon: { type: String, value: 'check' },
    rows: { type: Number, value: 3 },
  },
  methods: {
    onRetry() {
      this.triggerEvent('retry')
    },
    onAct() {
      this.triggerEvent('act')
    },
  },
})
