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

let host, ticket, change, visited, incident
before(async () => {
  host = await startHost()
  const [chenyu, zhouke, linmin, hejun] = await Promise.all(['chenyu', 'zhouke', 'linmin', 'hejun'].map(person))
  const title = '值班表显示不全'
  ticket = (await ticketsTitled(chenyu, 'mine', title))[0] ?? (await chenyu.post('/tickets', { kind: 'fault', title, description: '周末两天的值班人是空的，工作日正常。', severity: 'minor' }))
  ;[change, visited, incident] = await Promise.all([repliedChange(chenyu, linmin, zhouke, hejun), visitedConsultation(chenyu, linmin, zhouke, hejun), gradedIncident(chenyu, linmin, hejun)])
})
after(() => host.close())

/** A change with a second version of its notice, a contact and a signed reply: every paper that a decision needs. */
async function repliedChange(chenyu, linmin, zhouke, hejun) {
  const wished = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
  const { id } = await chenyu.post('/tickets', { kind: 'change', title: '订单列表增加导出', description: '现在只能一页页抄。希望按月导出成表格。', wished_on: wished })
  await linmin.act(id, 'issue')
  await linmin.act(id, 'edit_notice', { description: '现在只能一页页抄。希望按月导出成表格，含收货地址。' })
  await zhouke.act(id, 'log_contact', { channel: 'phone', text: '确认了导出的列和时间范围。' })
  return hejun.act(id, 'reply', { schedule: '推迟 2 个工作日，其余计划不变', cost: '增加 3 人天，共 4500 元', quality: '导出和权限重新测试', decision: 'partial' })
}

async function visitedConsultation(chenyu, linmin, zhouke, hejun) {
  const { id } = await chenyu.post('/tickets', { kind: 'consultation', title: '扫码枪连不上', description: '二号厂房的扫码枪连不上。', mode: 'on_site' })
  await linmin.act(id, 'request_visit', { text: '二号厂房门口找我。' })
  await hejun.act(id, 'schedule_visit', { visit_at: new Date(Date.now() + 86_400_000).toISOString() })
  await zhouke.act(id, 'arrive')
  await zhouke.act(id, 'leave', { text: '重配了扫码枪，试扫 20 次都正常。' })
  return zhouke.act(id, 'request_remote', { text: '看一下导出设置，大约 10 分钟，不改数据。' })
}

async function gradedIncident(chenyu, linmin, hejun) {
  const { id } = await chenyu.post('/tickets', { kind: 'incident', title: '没登录也能看到别人的订单', description: '订单分享页看到了别家的订单。' })
  await hejun.act(id, 'notify_client', { text: '可能涉及分享过的订单；已在下线分享。' })
  await hejun.act(id, 'propose_grade', { grade: 'major', text: '约三百个订单能被看到。' })
  return linmin.act(id, 'agree_grade')
}

const REPORT = 'packages/ticket/report/report?kind='
const DETAIL = 'packages/ticket/detail/detail?id='
/** Route, and the label of its picture where the page's own name would not tell it from another. */
const pagesOf = {
  chenyu: () => [
    ['pages/home/home'], ['pages/tickets/tickets'], ['pages/mine/mine'], ['packages/account/inbox/inbox'],
    [`${REPORT}fault`], ...['consultation', 'change', 'quality', 'incident'].map((k) => [REPORT + k, `report-${k}`]),
    [DETAIL + ticket.id], [DETAIL + visited.id, 'detail-visit'],
    [`packages/ticket/timeline/timeline?id=${ticket.id}`], [`packages/ticket/clocks/clocks?id=${ticket.id}`], [`packages/ticket/receipt/receipt?id=${ticket.id}`],
  ],
  zhouke: () => [['pages/desk/desk'], [DETAIL + ticket.id]],
  linmin: () => [
    ['pages/home/home'], ['packages/account/inbox/inbox'], ...['report', 'inspection', 'invoice'].map((k) => [REPORT + k, `report-${k}`]),
    [DETAIL + change.id, 'detail-change', '同意'], [DETAIL + incident.id, 'detail-incident', '是否上报'], [`packages/ticket/clocks/clocks?id=${change.id}`, 'clocks-change'],
  ],
  hejun: () => [[DETAIL + change.id, 'detail-change']],
  newcomer: () => [['packages/account/binding/binding'], ['packages/account/notice/notice']],
}

const SERIOUS = ['serious', 'critical']
const told = ({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n${nodes.map((n) => `  ${n.html.slice(0, 160)} — ${n.any.map((c) => c.message).join('; ').slice(0, 200)}`).join('\n')}`

for (const { look: name, theme, font } of LOOKS) {
  for (const user of Object.keys(pagesOf)) {
    test(`pages of ${user}, ${name}`, () =>
      onPhone(host, user, { theme, font, name: `${name}-${user}` }, async (phone) => {
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
          await phone.screen.locator('.bar').getByRole('button', { name: button, exact: true }).tap()
          await phone.screen.getByRole('dialog').waitFor()
          await look(`${label}-sheet`)
        }
        assert.deepEqual(findings, [])
      }))
  }
}
