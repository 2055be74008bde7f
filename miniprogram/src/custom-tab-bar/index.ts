import { scale } from '../look'
import { face, type Face } from '../services/face'

const home = { path: '/pages/home/home', text: '首页', icon: 'home' }
const desk = { path: '/pages/desk/desk', text: '工作台', icon: 'dashboard' }
const tickets = { path: '/pages/tickets/tickets', text: '工单', icon: 'task' }
const training = { path: '/pages/training/training', text: '培训', icon: 'education' }
const mine = { path: '/pages/mine/mine', text: '我的', icon: 'user' }

const bars: Record<Face, (typeof home)[]> = { client: [home, tickets, training, mine], vendor: [desk, tickets, training, mine], reader: [tickets, training, mine] }

Component({
  data: { tabs: [] as typeof bars.client, at: '', scale: Math.min(scale, 1.25) },
  methods: {
    /** Each tab page calls it when shown: the role may have changed since the bar was made. */
    show(at: string) {
      this.setData({ tabs: bars[face()], at })
    },
    onTap(e: WechatMiniprogram.TouchEvent<object, object, { path: string }>) {
      const { path } = e.currentTarget.dataset
      if (path !== this.data.at) void wx.switchTab({ url: path })
    },
  },
})
