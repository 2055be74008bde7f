// The tab bar WeChat draws from app.json. With `"custom": true` it stays away: the pages bring their own.
import { node } from '../host/node'
import { themed } from './nav-bar'

type Tab = { pagePath: string; text: string; iconPath?: string; selectedIconPath?: string }
type Look = { list: Tab[]; color?: string; selectedColor?: string; backgroundColor?: string }

let bar: HTMLElement
const badges = new Map<number, string>()

export const mountTabBar = (phone: HTMLElement) => phone.append((bar = node('nav', 'mp-tabbar', [], { role: 'tablist' })))
export const setBadge = (index: number, text: string | null) => (text === null ? badges.delete(index) : badges.set(index, text))

export function paintTabBar(look: Look | null, route: string, onTap: (tab: Tab, index: number) => void) {
  document.documentElement.classList.toggle('mp-has-tabs', !!look)
  bar.hidden = !look
  if (!look) return
  bar.style.background = themed(look.backgroundColor) ?? '#fff'
  bar.replaceChildren(
    ...look.list.map((tab, index) => {
      const active = tab.pagePath === route
      const button = node('button', 'mp-tab', [], { type: 'button', role: 'tab', 'aria-selected': String(active) })
      button.style.color = (active ? themed(look.selectedColor) : themed(look.color)) ?? ''
      const icon = active ? tab.selectedIconPath ?? tab.iconPath : tab.iconPath
      if (icon) button.append(Object.assign(new Image(), { src: './' + icon, alt: '' }))
      button.append(tab.text)
      const badge = badges.get(index)
      if (badge !== undefined) button.append(node('i', badge ? 'mp-badge' : 'mp-badge mp-dot', [badge]))
      button.addEventListener('click', () => onTap(tab, index))
      return button
    }),
  )
}
