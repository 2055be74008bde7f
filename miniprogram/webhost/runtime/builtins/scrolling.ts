// scroll-view with its refresher, and swiper.
import { any, bool, define, dom, listen, num, str, within } from './definition'

export function defineScrolling() {
  define('scroll-view', 'scroll-view', {
    properties: {
      scrollX: bool(), scrollY: bool(), scrollTop: any(), scrollLeft: any(), scrollIntoView: str(), scrollWithAnimation: bool(), upperThreshold: any(50),
      lowerThreshold: any(50), enableFlex: bool(), enhanced: bool(), showScrollbar: bool(true), refresherEnabled: bool(), refresherTriggered: bool(),
      refresherThreshold: num(45), refresherDefaultStyle: str('black'), refresherBackground: str(), bounces: bool(true), enableBackToTop: bool(), fastDeceleration: bool(),
      pagingEnabled: bool(), usingSticky: bool(), scrollAnchoring: bool(), enablePassive: bool(), type: str('list'), associativeContainer: str(), reverse: bool(), clip: bool(true), cacheExtent: any(), padding: any(), scrollIntoViewAlignment: str(), throttle: any(),
    },
    options: { multipleSlots: true },
    data: { pulled: 0 },
    observers: {
      refresherTriggered(this: any, on: boolean) {
        if (!this.data.refresherEnabled || on === this.refreshing) return
        this.refreshing = on
        this.setData({ pulled: on ? this.data.refresherThreshold : 0 })
        this.triggerEvent(on ? 'refresherrefresh' : 'refresherrestore', {}, {})
      },
      'scrollX, scrollY'(this: any, x: boolean, y: boolean) {
        Object.assign(dom(this).dataset, { x, y })
      },
      scrollTop(this: any, v: unknown) {
        if (v !== null) this.go({ top: Number(v) })
      },
      scrollLeft(this: any, v: unknown) {
        if (v !== null) this.go({ left: Number(v) })
      },
      scrollIntoView(this: any, id: string) {
        if (id) setTimeout(() => dom(this).querySelector(`[data-wx-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'start', inline: 'nearest' }))
      },
    },
    lifetimes: {
      attached(this: any) {
        const el = dom(this, 'el') as HTMLElement
        // enable-flex passes the host's own `display: flex` on to its content, and only that.
        const outer = dom(this)
        setTimeout(() => (outer.dataset.flex = String(this.data.enableFlex && getComputedStyle(outer).display === 'flex')))
        this.pullable(el)
        let last = { top: 0, left: 0 }
        listen(el, 'scroll', () => {
          const d = { scrollLeft: el.scrollLeft, scrollTop: el.scrollTop, scrollHeight: el.scrollHeight, scrollWidth: el.scrollWidth, deltaX: last.left - el.scrollLeft, deltaY: last.top - el.scrollTop }
          this.triggerEvent('scroll', d, {})
          const { upperThreshold: up, lowerThreshold: low, scrollX } = this.data
          const pos = (p: { top: number; left: number }) => (scrollX ? p.left : p.top)
          const room = scrollX ? el.scrollWidth - el.clientWidth : el.scrollHeight - el.clientHeight
          const [from, to] = [pos(last), pos({ top: el.scrollTop, left: el.scrollLeft })]
          if (to <= up && from > up) this.triggerEvent('scrolltoupper', { direction: scrollX ? 'left' : 'top' }, {})
          if (room - to <= low && room - from > low) this.triggerEvent('scrolltolower', { direction: scrollX ? 'right' : 'bottom' }, {})
          last = { top: el.scrollTop, left: el.scrollLeft }
        })
      },
    },
    methods: {
      /** Pulling down at the very top: past the threshold the refresh starts, before it nothing happens. */
      pullable(this: any, el: HTMLElement) {
        let from: number | null = null
        el.addEventListener('touchstart', (e) => (from = this.data.refresherEnabled && el.scrollTop <= 0 ? e.touches[0].clientY : null), { passive: true })
        el.addEventListener('touchmove', (e) => {
          if (from === null || this.refreshing) return
          const dy = Math.max(0, e.touches[0].clientY - from) / 2
          if (dy) this.triggerEvent('refresherpulling', { dy }, {})
          this.setData({ pulled: Math.min(dy, this.data.refresherThreshold * 2) })
        }, { passive: true })
        el.addEventListener('touchend', () => {
          if (from === null || this.refreshing) return
          from = null
          if (this.data.pulled >= this.data.refresherThreshold) return this.setData({ refresherTriggered: true })
          if (this.data.pulled) this.triggerEvent('refresherabort', {}, {})
          this.setData({ pulled: 0 })
        }, { passive: true })
      },
      go(this: any, to: ScrollToOptions) {
        const el = dom(this, 'el')
        setTimeout(() => el?.scrollTo({ ...to, behavior: this.data.scrollWithAnimation ? 'smooth' : 'instant' }))
      },
    },
  })

  define('swiper', 'swiper', {
    properties: {
      current: num(), autoplay: bool(), interval: num(5000), duration: num(500), circular: bool(), vertical: bool(), indicatorDots: bool(), currentItemId: str(),
      indicatorColor: str('rgba(0,0,0,.3)'), indicatorActiveColor: str('#000'), previousMargin: str('0px'), nextMargin: str('0px'), displayMultipleItems: num(1),
      snapToEdge: bool(), easingFunction: str('default'),
    },
    data: { track: '', count: [] as number[] },
    observers: {
      'current, vertical, duration'(this: any, current: number, vertical: boolean, ms: number) {
        this.setData({ track: `transition: transform ${ms}ms; flex-direction: ${vertical ? 'column' : 'row'}; transform: translate${vertical ? 'Y' : 'X'}(${-100 * current}%)` })
      },
    },
    lifetimes: {
      attached(this: any) {
        setTimeout(() => this.setData({ count: within(this, 'wx-swiper-item').map((_, i) => i), current: this.data.current }))
        this.timer = setInterval(() => this.data.autoplay && this.turn(1, 'autoplay'), this.data.interval)
        const el = dom(this)
        let x = 0
        el.addEventListener('touchstart', (e: TouchEvent) => (x = e.touches[0].clientX), { passive: true })
        el.addEventListener('touchend', (e: TouchEvent) => {
          const d = e.changedTouches[0].clientX - x
          if (Math.abs(d) > 40) this.turn(d < 0 ? 1 : -1, 'touch')
        })
      },
      detached(this: any) {
        clearInterval(this.timer)
      },
    },
    methods: {
      turn(this: any, by: number, source: string) {
        const n = within(this, 'wx-swiper-item').length
        const next = this.data.current + by
        const current = this.data.circular ? (next + n) % n : Math.max(0, Math.min(n - 1, next))
        if (!n || current === this.data.current) return
        this.setData({ current })
        this.triggerEvent('change', { current, source, currentItemId: '' }, {})
        setTimeout(() => this.triggerEvent('animationfinish', { current, source }, {}), this.data.duration)
      },
    },
  })
  define('swiper-item', 'slot', { properties: { itemId: str() } })
}
