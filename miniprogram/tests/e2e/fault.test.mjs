// One fault from report to five stars: two people, two phones, the real server between them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person, ticketsTitled } from './backend.mjs'
import { onPhone, startHost } from './browser.mjs'
import { addPhoto, fillReport, openReport, receiptNumber, submit } from './report.mjs'

let host, chenyu
before(async () => {
  host = await startHost()
  chenyu = await person('chenyu')
  await person('zhouke')
})
after(() => host.close())

const title = `报表打不开 ${Date.now().toString(36)}`

/** Opens an action's sheet, fills it, sends it, and waits for the state it leads to. */
async function step({ screen }, { button, fill = async () => undefined, send, state }) {
  await screen.getByRole('button', { name: button, exact: true }).tap()
  const sheet = screen.getByRole('dialog')
  await sheet.waitFor()
  await fill(sheet)
  await sheet.getByRole('button', { name: send }).tap()
  await screen.locator('.head__top').getByText(state).waitFor()
}

const openTicket = async ({ screen }) => {
  await screen.getByText(title).first().tap()
  await screen.getByText('对话', { exact: true }).waitFor()
}

let number
test('an employee reports a fault with a photo and gets a receipt', () =>
  onPhone(host, 'chenyu', {}, async (phone) => {
    const { screen } = phone
    await phone.shoot('home')
    await openReport(phone)
    await submit(phone)
    await screen.getByText('还差红框里的内容').waitFor()
    await phone.shoot('report-invalid')
    await fillReport(phone, { title, description: '点「月度报表」后一直转圈。\n换了浏览器也一样。' })
    await screen.getByRole('radio', { name: /严重/ }).tap()
    await addPhoto(phone)
    await phone.shoot('report-filled')
    await submit(phone)
    number = await receiptNumber(phone)
    await screen.getByText(/^8 小时/).waitFor()
    await screen.getByText(/^24 小时/).waitFor()
    await phone.shoot('receipt')
    await screen.getByRole('button', { name: '看这张工单' }).tap()
    await screen.getByText('对话', { exact: true }).waitFor()
    await phone.shoot('detail-submitted')
  }))

test('the vendor accepts, promises a time, and repairs', () =>
  onPhone(host, 'zhouke', {}, async (phone) => {
    const { screen } = phone
    // In the whole queue, what is due sooner may fill the first page.
    await screen.getByText('未分派', { exact: true }).tap()
    await screen.getByText(title).first().waitFor()
    await phone.shoot('desk')
    await openTicket(phone)
    await step(phone, { button: '受理', fill: (s) => s.locator('textarea').fill('已收到，我先看日志，半小时内告诉你进展。'), send: '受理并回应', state: '处理中' })
    await phone.shoot('detail-accepted')
    await step(phone, {
      button: '给出方案', send: '发布方案', state: '已给方案',
      async fill(sheet) {
        await sheet.getByText('临时办法').tap()
        await sheet.locator('textarea').fill('先从「历史报表」进去看；今晚更新后恢复。')
        await sheet.getByText('点这里选时间').tap()
        await phone.page.waitForTimeout(500)
        await screen.locator('.t-picker__confirm').tap()
        await sheet.getByText('点这里选时间').waitFor({ state: 'detached' })
        await phone.shoot('solution-sheet')
      },
    })
    await phone.shoot('detail-solution')
    await step(phone, { button: '已修复', send: '告诉甲方', state: '待确认' })
    await phone.shoot('detail-repaired')
  }))

test('the employee confirms with five stars, and both clocks are met', () =>
  onPhone(host, 'chenyu', {}, async (phone) => {
    const { screen } = phone
    await screen.getByText('等你处理').waitFor()
    await openTicket(phone)
    await step(phone, { button: '确认修好了', fill: (s) => s.getByRole('radio', { name: '5 星' }).tap(), send: '确认并关闭', state: '已关闭' })
    await screen.getByText('5 星').first().waitFor()
    await phone.shoot('detail-closed')
    await screen.getByRole('button', { name: '时间线' }).tap()
    await screen.locator('.mp-nav-title').getByText('时间线').waitFor()
    await phone.shoot('timeline')

    const [summary, ...others] = await ticketsTitled(chenyu, 'mine', title)
    assert.deepEqual(others, [])
    assert.equal(summary.number, number)
    const ticket = await chenyu.get(`/tickets/${summary.id}`)
    assert.equal(ticket.state, 'closed')
    assert.equal(ticket.rating, 5)
    assert.equal(ticket.severity, 'critical')
    assert.equal(ticket.attachments.length, 1)
    assert.equal(ticket.solutions[0].solution_type, 'workaround')
    const verdicts = Object.fromEntries(ticket.clocks.filter((c) => c.cycle === 1).map((c) => [c.code, c.verdict]))
    assert.equal(verdicts.R8, 'met')
    assert.equal(verdicts.S24, 'met')
  }))
