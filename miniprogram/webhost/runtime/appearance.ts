// Colour scheme and text size of the phone. The scheme is the browser's own unless the address or the demo page
// forces one; then the media rules of all style sheets are switched, since a page cannot change what they match.
import { params } from './visitor'

type Theme = 'light' | 'dark'

const FEATURE = /\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)/g
const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<(change: { theme: Theme }) => void>()
const written = new WeakMap<CSSMediaRule, string>()
let forced = params.get('theme') as Theme | null

export const theme = (): Theme => forced ?? (system.matches ? 'dark' : 'light')
export const onTheme = (listener: (change: { theme: Theme }) => void) => listeners.add(listener)
export const offTheme = (listener?: (change: { theme: Theme }) => void) => {
  if (listener) listeners.delete(listener)
}

function switchRules(rules: CSSRuleList) {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule) {
      const text = written.get(rule) ?? rule.media.mediaText
      written.set(rule, text)
      if (text.includes('prefers-color-scheme')) {
        rule.media.mediaText = forced ? text.replace(FEATURE, (_, wanted) => (wanted === forced ? '(min-width: 0px)' : '(max-width: 0px)')) : text
      }
    }
    if ('cssRules' in rule) switchRules(rule.cssRules as CSSRuleList)
  }
}

function apply() {
  for (const sheet of document.styleSheets) switchRules(sheet.cssRules)
  document.documentElement.style.colorScheme = theme()
}

/** Forces a scheme, or with `null` goes back to the browser's own. */
export function setTheme(wanted: Theme | null) {
  const before = theme()
  forced = wanted
  apply()
  if (theme() !== before) listeners.forEach((listener) => listener({ theme: theme() }))
}

system.addEventListener('change', () => {
  if (!forced) listeners.forEach((listener) => listener({ theme: theme() }))
})
apply()

/** 1 is WeChat's standard size; its slider goes to about 1.4 and, with the system's, further. */
export const fontScale = Number(params.get('font')) || 1
document.documentElement.style.fontSize = `${16 * fontScale}px`
document.documentElement.style.setProperty('--mp-font-scale', String(fontScale))
