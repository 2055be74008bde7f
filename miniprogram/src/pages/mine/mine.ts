import { showTab } from '../../components/tab'
import { filling, loading, reloading } from '../../loading'
import { scale } from '../../look'
import { getMe, signOut } from '../../services/account'
import { forgetFiles } from '../../services/attachments'
import { countUnread } from '../../services/inbox'
import { forgetAnswers } from '../../services/answers'
import { forgetBeats } from '../../services/beats'
import { clearDrafts } from '../../services/draft'
import { mayInvite } from '../../services/face'
import { me, type Me } from '../../services/session'
import { forgetWriting } from '../../services/writing'
import { roleWords } from '../../words/ticket'

interface Entry {
  icon: string
  text: string
  note: string
  url: string
}

/** Everybody may look up working days; the agreement itself is for those who answer for it. */
const entryOf = (m: Me): Entry =>
  m.roles.some((r) => r !== 'employee' && r !== 'department_viewer')
    ? { icon: 'file-paste', text: '协议', note: '期限、双方要办的、附件和验收', url: '/packages/agreement/home/home' }
    : { icon: 'calendar', text: '工作日历', note: '哪天放假、哪天调休上班', url: '/packages/agreement/calendar/calendar' }

const LINKS: Entry[] = [
  { icon: 'mobile', text: '登录过的设备', note: '不认识的可以让它退出', url: '/packages/account/devices/devices' },
  { icon: 'browse', text: '谁看过我的信息', note: '谁、什么时候、为了什么', url: '/packages/account/access-log/access-log' },
  { icon: 'secured', text: '个人信息说明与同意', note: '我们存什么、存多久，可以撤回', url: '/packages/account/notice/notice' },
]
const people = (m: Me): Entry => ({
  icon: 'user-add',
  text: '人员',
  note: m.roles.includes('client_manager') ? '发邀请码，授权看本部门' : '发邀请码：新同事，换手机或微信',
  url: '/packages/account/people/people',
})

Page({
  data: {
    scale,
    ...loading,
    me: null as Me | null,
    initial: '',
    roles: [] as string[],
    party: '',
    larger: scale > 1,
    unread: '',
    agreement: null as Entry | null,
    links: LINKS,
  },

  onShow() {
    showTab(this, '/pages/mine/mine')
    const known = me()
    if (known) this.show(known)
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      const [person, unread] = await Promise.all([getMe(), countUnread()])
      this.show(person)
      this.setData({ unread: unread > 99 ? '99+' : unread ? String(unread) : '' })
    })
  },

  show(m: Me) {
    showTab(this, '/pages/mine/mine')
    const party = m.party === 'client' ? '甲方' : m.party === 'vendor' ? '乙方' : ''
    this.setData({ phase: 'ready', agreement: m.bound ? entryOf(m) : null, links: mayInvite(m) ? [people(m), ...LINKS] : LINKS, me: m, initial: m.display_name.slice(0, 1), roles: m.roles.map((r) => roleWords[r]), party: [party, m.department].filter(Boolean).join(' · ') })
  },

  onLink(e: WechatMiniprogram.TouchEvent<object, object, { url: string }>) {
    void wx.navigateTo({ url: e.currentTarget.dataset.url })
  },

  onInbox() {
    void wx.navigateTo({ url: '/packages/account/inbox/inbox' })
  },

  onFontSize() {
    void wx.showModal({ title: '字太小？', content: '在微信里打开「我 → 设置 → 通用 → 字体大小」，调好后回来，履约台会跟着变。', showCancel: false, confirmText: '知道了' })
  },

  async onSignOut() {
    const { confirm } = await wx.showModal({ title: '退出登录？', content: '这台手机上没提交的草稿也会清掉。', confirmText: '退出' })
    if (!confirm) return
    clearDrafts()
    forgetBeats()
    forgetAnswers()
    forgetWriting()
    forgetFiles()
    try {
      await signOut()
    } catch {
      // The server could not be told; this phone has forgotten the session all the same.
    }
    await wx.reLaunch({ url: '/pages/start/start?out=1' })
  },
})
