// How the main pages look and read: a picture of each in light, dark and with large text, and axe's verdict on them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person, ticketsTitled } from './backend.mjs'
import { onPhone, startHost } from './browser.mjs'

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

let host, ticket
before(async () => {
  host = await startHost()
  const chenyu = await person('chenyu')
  for (const user of ['zhouke', 'linmin']) await person(user)
  const title = '值班表显示不全'
  ticket = (await ticketsTitled(chenyu, 'mine', title))[0] ?? (await chenyu.post('/tickets', { kind: 'fault', title, description: '周末两天的值班人是空的，工作日正常。', severity: 'minor' }))
})
after(() => host.close())

const pagesOf = {
  chenyu: () => ['pages/home/home', 'pages/tickets/tickets', 'pages/mine/mine', 'packages/ticket/report/report', `packages/ticket/detail/detail?id=${ticket.id}`, `packages/ticket/timeline/timeline?id=${ticket.id}`, `packages/ticket/clocks/clocks?id=${ticket.id}`, `packages/ticket/receipt/receipt?id=${ticket.id}`],
  zhouke: () => ['pages/desk/desk', `packages/ticket/detail/detail?id=${ticket.id}`],
  linmin: () => ['pages/home/home'],
  newcomer: () => ['packages/account/binding/binding', 'packages/account/notice/notice'],
}

const SERIOUS = ['serious', 'critical']
const told = ({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n${nodes.map((n) => `  ${n.html.slice(0, 160)} — ${n.any.map((c) => c.message).join('; ').slice(0, 200)}`).join('\n')}`

for (const { look, theme, font } of LOOKS) {
  for (const user of Object.keys(pagesOf)) {
    test(`pages of ${user}, ${look}`, () =>
      onPhone(host, user, { theme, font, name: `${look}-${user}` }, async (phone) => {
        const findings = []
        await phone.page.waitForLoadState('networkidle')
        for (const route of pagesOf[user]()) {
          await phone.page.evaluate((r) => (location.hash = `/${r}`), route)
          await phone.page.waitForFunction((r) => __mp.page()?.route === r, route.split('?')[0])
          await phone.page.waitForLoadState('networkidle')
          const name = route.split('?')[0].split('/').pop()
          await phone.shoot(name)
          const serious = (await phone.audit()).filter((v) => SERIOUS.includes(v.impact) && !(v.id in ACCEPTED))
          findings.push(...serious.map((v) => `${name}: ${told(v)}`))
          const width = await phone.page.evaluate(() => document.querySelector('.mp-page-shell:not([hidden]) .mp-page-scroll').scrollWidth)
          if (width > 390) findings.push(`${name}: ${width}px wide, so it scrolls sideways`)
        }
        assert.deepEqual(findings, [])
      }))
  }
}
