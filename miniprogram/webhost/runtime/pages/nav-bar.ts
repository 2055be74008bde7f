// The navigation bar of a page: title, back, and home where there is nothing to go back to.
import { theme } from '../appearance'
import { labelled, node } from '../host/node'
import type { Page } from './page'

export function navBar(onBack: () => void, onHome: () => void): HTMLElement {
  const back = labelled('mp-nav-back', '', onBack)
  back.setAttribute('aria-label', '返回')
  const home = labelled('mp-nav-home', '', onHome)
  home.setAttribute('aria-label', '返回首页')
  return node('div', 'mp-nav', [back, home, node('div', 'mp-nav-title', [], { role: 'heading', 'aria-level': '1' })])
}

let variables: Record<string, Record<string, string>> = {}
export const setThemeVariables = (v: Record<string, Record<string, string>>) => (variables = v)
/** `@name` values come from theme.json, by the current colour scheme. */
export const themed = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || !value.startsWith('@')) return value as string | undefined
  return variables[theme()]?.[value.slice(1)]
}

export function paintNavBar(page: Page, o: { canGoBack: boolean; canGoHome: boolean; isCurrent: boolean }) {
  const { window: w, shell } = page
  const find = (name: string) => shell.querySelector<HTMLElement>(name)!
  const custom = w.navigationStyle === 'custom'
  const [background, text] = [themed(w.navigationBarBackgroundColor) ?? '#000', themed(w.navigationBarTextStyle) === 'black' ? '#000' : '#fff']
  find('.mp-nav').hidden = custom
  find('.mp-nav-title').textContent = w.navigationBarTitleText ?? ''
  find('.mp-nav-back').hidden = !o.canGoBack
  find('.mp-nav-home').hidden = !o.canGoHome || w.homeButtonHidden
  shell.style.setProperty('--mp-nav-bg', background)
  shell.style.setProperty('--mp-nav-fg', text)
  shell.style.setProperty('--mp-page-bg', themed(w.backgroundColorContent ?? w.backgroundColor) ?? '')
  if (!o.isCurrent) return
  document.title = w.navigationBarTitleText ?? ''
  document.documentElement.style.setProperty('--mp-status-fg', custom && !w.navigationBarTextStyle ? 'inherit' : text)
  document.documentElement.style.setProperty('--mp-status-bg', custom ? 'transparent' : background)
}
