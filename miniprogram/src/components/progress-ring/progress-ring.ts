/** How far, as a ring with the number in it; done is a tick, so that colour is never the only sign. */
Component({
  properties: {
    percent: { type: Number, value: 0 },
    done: { type: Boolean, value: false },
    large: { type: Boolean, value: false },
  },
})
