import type { Word } from '../../words/agreement'

/** A state as word, icon and colour together. */
Component({
  properties: {
    word: { type: Object, value: { text: '', tone: 'quiet', icon: 'time' } as Word },
  },
})
