// The page stack: which pages there are, which is seen, and the lifetimes they go through.
// Errors say what WeChat's say: tab pages only by switchTab, ten pages at most.
import { onTheme } from '../appearance'
import { channelPair, EventChannel } from '../event-channel'
import { overlay } from '../host/overlay'
import { errors } from '../test-hooks'
import { paintNavBar, setThemeVariables } from './nav-bar'
import { call, createPage, refresh as refreshPage, unload, type Page, type Query } from './page'
import { mountTabBar, paintTabBar } from './tab-bar'

const MAX_PAGES = 10

let app: any
let known: string[]
let stage: HTMLElement
const stack: Page[] = []
/** Tab pages stay alive while another tab is shown. */
const tabs = new Map<string, Page>()
const configs: Record<string, any> = {}

export const current = () => stack.at(-1)
export const pages = () => stack.map((p) => p.caller)
export const knows = (url: string) => known.includes(parse(url).route)

const isTab = (route: string) => (app.tabBar?.list ?? []).some((t: any) => t.pagePath === route)
const entry = (): string => app.entryPagePath ?? known[0]

function parse(url: string): { route: string; query: Query } {
  const [path, search = ''] = url.split('?')
  const from = current()?.route ?? ''
  const route = path.startsWith('/') ? path.slice(1) : new URL(path, `http://x/${from}`).pathname.slice(1)
  // WeChat does not decode query values: apps that encode must decode.
  const query = Object.fromEntries(search.split('&').filter(Boolean).map((kv) => kv.split('=') as [string, string]).map(([k, v = '']) => [k, v]))
  return { route, query }
}

function create(route: string, query: Query, channel = new EventChannel()): Page {
  if (!known.includes(route)) throw new Error(`page "${route}" is not found`)
  return createPage(route, query, {
    stage, channel, window: { ...app.window, ...configs[route] }, isTab: isTab(route), customTabBar: !!app.tabBar?.custom,
    onBack: () => void leave(),
    onHome: () => reLaunch('/' + entry()),
  })
}

/** The person's own way back, which an unsaved page may question; wx.navigateBack goes without asking. */
async function leave() {
  const alert = current()?.alert
  if (alert !== undefined && !(await overlay.modal({ content: alert })).confirm) return
  navigateBack(1)
}

export function paint() {
  const page = current()
  if (!page) return
  for (const p of stack) {
    const bottom = stack.indexOf(p) === 0
    paintNavBar(p, { canGoBack: !bottom, canGoHome: bottom && !isTab(p.route) && p.route !== entry(), isCurrent: p === page })
  }
  paintTabBar(isTab(page.route) && !app.tabBar.custom ? app.tabBar : null, page.route, (tab, index) => {
    switchTab('/' + tab.pagePath)
    call(current()!, 'onTabItemTap', { index, pagePath: tab.pagePath, text: tab.text })
  })
}

function show(page: Page, first: boolean) {
  for (const p of new Set([...stack, ...tabs.values()])) p.shell.hidden = p !== page
  paint()
  if (first) call(page, 'onLoad', page.query)
  // onLoad may have led elsewhere already.
  if (page !== current()) return
  page.comp.triggerPageLifetime('show', [page.query])
  call(page, 'onShow')
  if (first) {
    setTimeout(() => {
      call(page, 'onReady')
      page.comp.triggerPageLifetime('routeDone', [])
    })
  }
  if (page !== current()) return
  const url = new URL(location.href)
  url.hash = '/' + page.route + (Object.keys(page.query).length ? '?' + Object.entries(page.query).map(([k, v]) => `${k}=${v}`).join('&') : '')
  history.replaceState(null, '', url)
}

function hide(page: Page | undefined) {
  if (!page) return
  page.comp.triggerPageLifetime('hide', [])
  call(page, 'onHide')
}

export function navigateTo(url: string, events: Record<string, (...args: any[]) => void> = {}) {
  const { route, query } = parse(url)
  if (isTab(route)) throw new Error('can not navigateTo a tabbar page')
  if (stack.length >= MAX_PAGES) throw new Error('webview count limit exceed')
  const { opener, opened } = channelPair(events)
  const page = create(route, query, opened)
  hide(current())
  stack.push(page)
  show(page, true)
  return opener
}

export function redirectTo(url: string) {
  const { route, query } = parse(url)
  if (isTab(route)) throw new Error('can not redirectTo a tabbar page')
  const page = create(route, query)
  const old = stack.pop()
  stack.push(page)
  if (old) unload(old)
  tabs.delete(old?.route ?? '')
  show(page, true)
}

export function navigateBack(delta: number) {
  if (stack.length < 2) throw new Error('cannot navigate back at first page')
  for (const page of stack.splice(Math.max(1, stack.length - delta)).reverse()) unload(page)
  show(current()!, false)
}

export function switchTab(url: string) {
  const { route } = parse(url)
  if (!isTab(route)) throw new Error('can not switch to no-tabBar page')
  if (stack.length === 1 && current()?.route === route) return
  const [bottom, ...above] = stack
  above.reverse().forEach(unload)
  if (bottom && bottom.route !== route) {
    if (isTab(bottom.route)) hide(bottom)
    else unload(bottom)
  }
  stack.length = 0
  const kept = tabs.get(route)
  const page = kept ?? create(route, {})
  tabs.set(route, page)
  stack.push(page)
  show(page, !kept)
}

export function reLaunch(url: string) {
  const { route, query } = parse(url)
  const page = create(route, query)
  const old = new Set([...stack, ...tabs.values()])
  stack.length = 0
  tabs.clear()
  if (isTab(route)) tabs.set(route, page)
  stack.push(page)
  old.forEach(unload)
  show(page, true)
}

export const refresh = () => current() && refreshPage(current()!)
export const stopRefresh = () => delete current()?.shell.dataset.refreshing

export function start(o: { app: any; pages: string[]; configs: Record<string, any>; root: HTMLElement }) {
  app = o.app
  known = o.pages
  setThemeVariables(app.themeVariables ?? {})
  Object.assign(configs, o.configs)
  stage = document.createElement('div')
  stage.className = 'mp-stage'
  o.root.append(stage)
  mountTabBar(o.root)
  onTheme(paint)
  addEventListener('unhandledrejection', (e) => errors.push(String(e.reason?.message ?? e.reason?.errMsg ?? e.reason)))
  addEventListener('resize', () => current()?.comp.triggerPageLifetime('resize', [{ size: { windowWidth: innerWidth, windowHeight: innerHeight } }]))
  // A new hash is a wish to see that page; the router's own changes go through replaceState and fire nothing.
  addEventListener('hashchange', () => reLaunch(location.hash.slice(1) || '/' + entry()))
  reLaunch(location.hash.slice(1) || '/' + entry())
}
