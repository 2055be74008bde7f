// A change from draft to acceptance (2.2): four people, and a date that comes too soon.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { openTicket, pickFirst, report, step, withPhones } from './people.mjs'

let host
before(async () => {
  host = await startHost()
})
after(() => host.close())

const title = `订单列表增加导出 ${Date.now().toString(36)}`

test('a change goes from an employee draft over notice and written reply to acceptance', () =>
  withPhones(host, ['chenyu', 'linmin', 'zhouke', 'hejun'], 'change', async ({ chenyu, linmin, zhouke, hejun }) => {
    const id = await report(
      chenyu,
      '变更',
      async (screen) => {
        await screen.getByText(/^今天签发，最早/).waitFor()
        await screen.getByPlaceholder('例如：订单列表增加导出').fill(title)
        await screen.getByPlaceholder('现在怎样、希望怎样、为什么').fill('现在只能一页页抄。希望按月导出成表格，财务每月对账要用。')
        await pickFirst(chenyu, screen, '选希望哪天生效')
        await screen.getByText(/早于最早的/).waitFor()
        await chenyu.shoot('report')
      },
      { send: '存成草稿', done: '草稿存好了' },
    )
    await step(chenyu, { id, button: '交给经理签发', send: '交给经理', state: '待签发' })
    await chenyu.screen.getByText('等经理签发；签发后乙方开始评估').waitFor()

    // Tomorrow is sooner than five working days ahead: the manager is told the earliest day and takes it.
    await openTicket(linmin, id)
    await linmin.screen.locator('.bar').getByRole('button', { name: '签发', exact: true }).tap()
    const sheet = linmin.screen.getByRole('dialog')
    await sheet.getByText(`变更通知「${title}」`).waitFor()
    await linmin.shoot('sign-notice')
    await sheet.getByRole('button', { name: '签发', exact: true }).tap()
    await sheet.getByText(/^仍按 .+ 签发$/).waitFor()
    await linmin.shoot('too-soon')
    await sheet.getByText(/^改成 .+，马上签发$/).tap()
    await linmin.screen.locator('.head__top').getByText('已通知', { exact: true }).waitFor()

    await step(zhouke, { id, button: '记一次沟通', choose: ['电话'], texts: ['确认了导出的列和时间范围。'], send: '记下', state: '评估中' })
    const drafted = ['推迟 2 个工作日', '增加 3 人天', '导出和权限重新测试']
    await step(zhouke, { button: '起草答复', texts: drafted, choose: ['部分接受'], send: '存草稿', state: '评估中' })

    // What the agent drafted stands in the form that the lead signs.
    await step(hejun, {
      id, button: '签发答复', send: '签发答复', state: '已答复', look: 'sign-reply',
      async fill(form) {
        for (const [i, text] of drafted.entries()) assert.equal(await form.locator('textarea:visible').nth(i).inputValue(), text)
        await form.getByRole('radio', { name: /^接受/ }).tap()
      },
    })
    await step(linmin, { id, button: '同意', look: 'approve', send: '同意', state: '已排期' })
    await step(hejun, { id, button: '排期', texts: ['周四晚 22:00 发布，预计停 10 分钟'], fill: (form) => pickFirst(hejun, form, '选哪天动工或上线'), send: '排定', state: '已排期' })
    await step(hejun, { button: '开始实施', send: '开始', state: '实施中' })
    await step(zhouke, { id, button: '提交验收', texts: ['右上角多了「导出」，按月选。'], send: '请甲方验收', state: '待验收' })
    await step(linmin, { id, button: '验收通过', fill: (form) => form.getByRole('radio', { name: '5 星' }).tap(), send: '通过', state: '已关闭' })
    await linmin.shoot('closed')

    const ticket = await (await person('linmin')).get(`/tickets/${id}`)
    assert.equal(ticket.state, 'closed')
    assert.equal(ticket.rating, 5)
    assert.equal(ticket.clocks.find((c) => c.code === 'A3').verdict, 'met')
    const reply = ticket.records.filter((r) => r.type === 'reply').at(-1)
    assert.equal(reply.body.decision, 'accept')
    assert.ok(reply.vendor_signed && reply.client_signed)
    for (const phone of [chenyu, zhouke]) await openTicket(phone, id)
    await chenyu.shoot('detail')
  }))
