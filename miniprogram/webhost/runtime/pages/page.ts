// One page: its element on the stage, its component, and what it is called with.
import { associated, codeSpace, glassEasel, patchSelectorQuery } from '../env'
import type { EventChannel } from '../event-channel'
import { navBar } from './nav-bar'

export type Query = Record<string, string>
export type Page = {
  route: string
  query: Query
  shell: HTMLElement
  scroller: HTMLElement
  comp: any
  caller: any
  window: Record<string, any>
  root: any
  /** Asked before the person leaves, when wx.enableAlertBeforeUnload is on. */
  alert?: string
}

export const call = (page: Page, method: string, ...args: unknown[]) => {
  const f = page.caller[method]
  if (typeof f !== 'function') return undefined
  return glassEasel.safeCallback(method, f, page.caller, args as any)
}

const box = (className: string, tag = 'div') => Object.assign(document.createElement(tag), { className })

export type Surroundings = { stage: HTMLElement; window: Record<string, any>; isTab: boolean; customTabBar: boolean; onBack: () => void; onHome: () => void; channel: EventChannel }

export function createPage(route: string, query: Query, o: Surroundings): Page {
  const shell = box('mp-page-shell', 'section')
  const view = box('mp-page-view')
  const scroller = box('mp-page-scroll')
  const placeholder = document.createElement('div')
  scroller.append(placeholder)
  view.append(scroller)
  const page: Page = { route, query, shell, scroller, window: o.window, comp: null, caller: null, root: null }
  shell.append(navBar(o.onBack, o.onHome), view)
  shell.dataset.tab = String(o.isTab)
  o.stage.append(shell)

  page.root = associated.createRoot('mp-page', codeSpace, route)
  page.comp = page.root.getComponent()
  page.caller = page.root.get()
  page.comp.$$.setAttribute('data-route', route)
  patchSelectorQuery(page.caller)
  Object.assign(page.caller, { route, options: query, __displayReporter: {}, getOpenerEventChannel: () => o.channel })
  // The bar exists before the page is attached: a page may ask for it in its own `attached`.
  if (o.customTabBar && o.isTab) addTabBar(page, view)
  page.root.attach(scroller, placeholder)

  scroller.addEventListener('scroll', () => scrolled(page), { passive: true })
  if (page.window.enablePullDownRefresh) pullToRefresh(page)
  return page
}

/**
 * With `tabBar.custom`, each tab page carries its own instance of `custom-tab-bar/index`. It stands outside what scrolls,
 * yet inherits what the page's styles set on `page`: hence the second, boxless `mp-page` around it.
 */
function addTabBar(page: Page, view: HTMLElement) {
  const spot = document.createElement('div')
  const heir = box('mp-tabbar-heir', 'mp-page')
  heir.dataset.route = page.route
  heir.append(spot)
  view.append(heir)
  const bar = associated.createRoot('custom-tab-bar', codeSpace, 'custom-tab-bar/index')
  bar.attach(heir as any, spot as any)
  page.caller.getTabBar = (f?: (component: any) => void) => {
    f?.(bar.get())
    return bar.get()
  }
}

function scrolled(page: Page) {
  const { scroller } = page
  call(page, 'onPageScroll', { scrollTop: scroller.scrollTop })
  const left = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
  const near = left <= (page.window.onReachBottomDistance ?? 50)
  if (near && !page.shell.dataset.bottom) call(page, 'onReachBottom')
  page.shell.dataset.bottom = near ? '1' : ''
}

const PULL = 80
function pullToRefresh(page: Page) {
  let from: number | null = null
  page.scroller.addEventListener('touchstart', (e) => (from = page.scroller.scrollTop <= 0 ? e.touches[0].clientY : null), { passive: true })
  page.scroller.addEventListener('touchend', (e) => {
    if (from !== null && page.scroller.scrollTop <= 0 && e.changedTouches[0].clientY - from > PULL) refresh(page)
  }, { passive: true })
}

export function refresh(page: Page) {
  page.shell.dataset.refreshing = '1'
  call(page, 'onPullDownRefresh')
}

export function unload(page: Page) {
  call(page, 'onUnload')
  page.root.release()
  page.shell.remove()
}
