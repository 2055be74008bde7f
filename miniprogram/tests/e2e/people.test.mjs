// The people of one side: a manager lets an employee see their department, and hands out a code after a lost phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { openTicket, step, visit, withPhones } from './people.mjs'

let host, ticket
const title = `会议室投屏连不上 ${Date.now().toString(36)}`
before(async () => {
  host = await startHost()
  const chenyu = await person('chenyu')
  ticket = await chenyu.post('/tickets', { kind: 'fault', title, description: '三楼大会议室投屏搜不到设备。', severity: 'minor' })
})
after(() => host.close())

const PEOPLE = 'packages/account/people/people'

test('a colleague sees the department once the manager says so, and follows what they meet too', () =>
  withPhones(host, ['linmin', 'fangjing'], 'people', async ({ linmin, fangjing: colleague }) => {
    await visit(linmin, PEOPLE)
    const numbers = linmin.screen.getByPlaceholder('要授权的员工')
    await numbers.fill('A0000')
    await linmin.screen.getByRole('button', { name: '授权', exact: true }).tap()
    await linmin.screen.getByText('名册里没有这个工号，或此人已离职').waitFor()
    await numbers.fill('HL1003')
    await linmin.screen.getByRole('button', { name: '授权', exact: true }).tap()
    await linmin.screen.getByRole('button', { name: /^收回 / }).waitFor()
    await linmin.shoot('delegated')

    await visit(colleague, 'pages/mine/mine')
    await colleague.screen.getByText('可看本部门').waitFor()
    await visit(colleague, 'pages/tickets/tickets')
    await colleague.screen.getByText('本部门', { exact: true }).tap()
    await colleague.screen.getByText(title).first().waitFor()
    await colleague.shoot('department')
    await openTicket(colleague, ticket.id)
    await step(colleague, { button: '我也遇到', look: 'me-too', send: '我也遇到', state: '已提交' })
    await colleague.shoot('followed')

    await linmin.screen.getByRole('button', { name: /^收回 / }).tap()
    await linmin.overlay.getByText('收回', { exact: true }).tap()
    await linmin.screen.getByText('还没有授权给任何人。').waitFor()
  }))

test('a code for somebody who is bound is given only after a question', () =>
  withPhones(host, ['linmin'], 'people-code', async ({ linmin }) => {
    await visit(linmin, PEOPLE)
    await linmin.screen.getByPlaceholder('名册上的工号').fill('HL1004')
    await linmin.screen.getByRole('button', { name: '发邀请码', exact: true }).tap()
    await linmin.overlay.getByText('换绑微信？').waitFor()
    await linmin.shoot('question')
    await linmin.overlay.getByText('发换绑码', { exact: true }).tap()
    await linmin.screen.getByText('使用后，此人原来的微信马上退出。').waitFor()
    assert.match(await linmin.screen.locator('.people__code').innerText(), /^[0-9A-Z]{5}(-[0-9A-Z]{1,5}){5}$/)
    await linmin.shoot('made')
  }))
