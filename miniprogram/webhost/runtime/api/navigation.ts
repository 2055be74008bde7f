// Moving between pages, the bars around them, and refreshing.
import * as router from '../pages/router'
import { setBadge } from '../pages/tab-bar'
import { CallError, type Implementation } from './call'

const page = () => router.current()!
const nothing = () => ({})

function scrollTo(o: { selector?: string; scrollTop?: number; offsetTop?: number; duration?: number }) {
  const { scroller } = page()
  const spot = o.selector ? scroller.querySelector(o.selector.replace(/#([\w-]+)/g, '[data-wx-id="$1"]')) : null
  const top = spot ? spot.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop + (o.offsetTop ?? 0) : o.scrollTop ?? 0
  scroller.scrollTo({ top, behavior: o.duration === 0 ? 'instant' : 'smooth' })
}

function badge(index: number, text: string | null) {
  setBadge(index, text)
  router.paint()
}

export const navigation: Record<string, Implementation> = {
  navigateTo: (o) => ({ eventChannel: router.navigateTo(o.url, o.events) }),
  redirectTo: (o) => router.redirectTo(o.url),
  navigateBack: (o) => router.navigateBack(o.delta ?? 1),
  switchTab: (o) => router.switchTab(o.url),
  reLaunch: (o) => router.reLaunch(o.url),
  preloadPage: nothing,
  enableAlertBeforeUnload: (o) => {
    if (!o.message) throw new CallError('parameter error: parameter.message should be String')
    page().alert = o.message
  },
  disableAlertBeforeUnload: () => {
    delete page().alert
  },
  setNavigationBarTitle: (o) => {
    page().window.navigationBarTitleText = o.title
    router.paint()
  },
  setNavigationBarColor: (o) => {
    Object.assign(page().window, { navigationBarBackgroundColor: o.backgroundColor, navigationBarTextStyle: o.frontColor === '#000000' ? 'black' : 'white' })
    router.paint()
  },
  hideHomeButton: () => {
    page().window.homeButtonHidden = true
    router.paint()
  },
  showNavigationBarLoading: nothing, hideNavigationBarLoading: nothing, setBackgroundColor: nothing, setBackgroundTextStyle: nothing,
  setTabBarBadge: (o) => badge(o.index, o.text), removeTabBarBadge: (o) => badge(o.index, null),
  showTabBarRedDot: (o) => badge(o.index, ''), hideTabBarRedDot: (o) => badge(o.index, null),
  setTabBarItem: nothing, setTabBarStyle: nothing, showTabBar: nothing, hideTabBar: nothing,
  startPullDownRefresh: () => router.refresh(),
  stopPullDownRefresh: () => {
    router.stopRefresh()
  },
  pageScrollTo: scrollTo,
}
