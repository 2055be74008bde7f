// How pages look and read: a picture of each in light, dark and with large text, and axe's verdict on them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onPhone } from './browser.mjs'

/** Findings we know and accept, by rule, with the reason. Nothing else of axe's "serious" or "critical" may appear. */
const ACCEPTED = {
  'label-content-name-mismatch': 'a card is named shortly (number and title) so that a screen reader does not recite it; WeChat has no control by spoken label',
  'scrollable-region-focusable': 'the region is a mini-program scroll-view: on a phone it is moved by touch, there is no keyboard focus',
}
const LOOKS = [
  { look: 'light', theme: 'light', font: 1 },
  { look: 'dark', theme: 'dark', font: 1 },
  { look: 'large', theme: 'light', font: 1.4 },
]

const SERIOUS = ['serious', 'critical']
const told = ({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n${nodes.map((n) => `  ${n.html.slice(0, 160)} — ${n.any.map((c) => c.message).join('; ').slice(0, 200)}`).join('\n')}`

/**
 * One test for each person and look. `pagesOf` lists for each person, once the tests run, routes with the label of
 * their picture (where the page's own name would not tell it from another) and a button whose sheet is looked at too.
 */
export function lookAt(host, pagesOf) {
  for (const { look: name, theme, font } of LOOKS) {
    for (const user of Object.keys(pagesOf)) {
      test(`pages of ${user}, ${name}`, () =>
        onPhone(host(), user, { theme, font, name: `${name}-${user}` }, async (phone) => {
          const findings = []
          await phone.page.waitForLoadState('networkidle')
          const look = async (label) => {
            await phone.shoot(label)
            const serious = (await phone.audit()).filter((v) => SERIOUS.includes(v.impact) && !(v.id in ACCEPTED))
            findings.push(...serious.map((v) => `${label}: ${told(v)}`))
          }
          for (const [route, label = route.split('?')[0].split('/').pop(), button] of pagesOf[user]()) {
            await phone.page.evaluate((r) => (location.hash = `/${r}`), route)
            await phone.page.waitForFunction((r) => __mp.page()?.route === r, route.split('?')[0])
            await phone.page.waitForLoadState('networkidle')
            await look(label)
            const width = await phone.page.evaluate(() => document.querySelector('.mp-page-shell:not([hidden]) .mp-page-scroll').scrollWidth)
            if (width > 390) findings.push(`${label}: ${width}px wide, so it scrolls sideways`)
            if (!button) continue
            await phone.screen.getByRole('button', { name: button, exact: true }).tap()
            await phone.screen.getByRole('dialog').waitFor()
            await look(`${label}-sheet`)
          }
          assert.deepEqual(findings, [])
        }))
    }
  }
}
