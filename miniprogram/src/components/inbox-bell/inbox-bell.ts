import { countUnread } from '../../services/inbox'

/** The way to the inbox, with how much of it is unread; it asks again each time its page is shown. */
Component({
  data: { text: '', spoken: '消息' },
  lifetimes: {
    attached() {
      void this.count()
    },
  },
  pageLifetimes: {
    show() {
      void this.count()
    },
  },
  methods: {
    async count() {
      const n = await countUnread()
      const text = n > 99 ? '99+' : n ? String(n) : ''
      if (text !== this.data.text) this.setData({ text, spoken: n ? `消息，${text} 条未读` : '消息' })
    },
    onOpen() {
      void wx.navigateTo({ url: '/packages/account/inbox/inbox' })
    },
  },
})
