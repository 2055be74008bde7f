// Each other kind of ticket once, from the home page's tile to its end, between the people who have a say in it.
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

const unique = (words) => `${words} ${Date.now().toString(36)}`
const read = async (user, id) => (await person(user)).get(`/tickets/${id}`)
const verdict = (ticket, code) => ticket.clocks.filter((c) => c.code === code).at(-1)?.verdict

test('a consultation: asked, helped remotely with consent for that one time, answered, closed', () =>
  withPhones(host, ['chenyu', 'zhouke'], 'consultation', async ({ chenyu, zhouke }) => {
    const id = await report(chenyu, '咨询', async (screen) => {
      await screen.getByPlaceholder('例如：怎么导出上月的报表').fill(unique('怎么导出上月的报表'))
      await screen.getByPlaceholder('想做什么、做到哪一步、看到什么').fill('找到了报表，没找到导出。')
      await screen.getByRole('radio', { name: /远程看一下/ }).tap()
      await chenyu.shoot('report')
    })
    await step(zhouke, { id, button: '申请远程协助', texts: ['看一下导出设置，大约 10 分钟，不改数据。'], send: '发出申请', state: '已提问' })
    await step(chenyu, { id, button: '同意远程', look: 'consent', send: '同意', state: '已提问' })
    await step(zhouke, { id, button: '开始远程', send: '开始', state: '已提问' })
    await step(zhouke, { button: '结束远程', texts: ['把编码改成了 UTF-8，没动数据。'], send: '结束并记录', state: '已提问' })
    await step(zhouke, { button: '解答', texts: ['右上角「…」里有导出，选上个月。'], send: '发出解答', state: '已解答' })
    await step(chenyu, { id, button: '解决了', fill: (form) => form.getByRole('radio', { name: '5 星' }).tap(), send: '结束咨询', state: '已关闭' })
    await chenyu.shoot('closed')

    const ticket = await read('chenyu', id)
    assert.equal(ticket.rating, 5)
    assert.equal(verdict(ticket, 'W'), 'met')
    const session = ticket.records.find((r) => r.type === 'remote_session')
    assert.ok(session.body.started_at && session.body.ended_at && session.body.result)
  }))

test('a quality defect: proposed, notified, repaired, failed, repaired again, verified', () =>
  withPhones(host, ['chenyu', 'linmin', 'hejun'], 'quality', async ({ chenyu, linmin, hejun }) => {
    const id = await report(chenyu, '质量问题', async (screen) => {
      await screen.getByPlaceholder('例如：合计金额差一分钱').fill(unique('合计金额差一分钱'))
      await screen.getByPlaceholder('例如：需求写按行取整，现在按总数取整').fill('需求 3.2 写按行取整，现在按总数取整。')
      await chenyu.shoot('report')
    })
    await step(linmin, { id, button: '确认并通知', look: 'notify', send: '正式通知', state: '已通知' })
    await step(hejun, { id, button: '确认问题', texts: ['已复现，明天修好。'], send: '确认', state: '修复中' })
    await step(hejun, { button: '已修复', texts: ['改为逐行取整。'], send: '告诉甲方', state: '待复验' })
    await step(chenyu, { id, button: '还没修好', texts: ['税额还差一分。'], send: '告诉乙方', state: '修复中' })
    await step(hejun, { id, button: '已修复', texts: ['税额也逐行取整。'], send: '告诉甲方', state: '待复验' })
    await step(chenyu, { id, button: '复验通过', fill: (form) => form.getByRole('radio', { name: '4 星' }).tap(), send: '通过并关闭', state: '已关闭' })
    await chenyu.shoot('closed')
    const ticket = await read('linmin', id)
    assert.equal(verdict(ticket, 'Q5'), 'met')
    assert.equal(ticket.rating, 4)
  }))

test('an incident: the vendor tells, both grade it, the client decides, the review ends it', () =>
  withPhones(host, ['chenyu', 'linmin', 'hejun'], 'incident', async ({ chenyu, linmin, hejun }) => {
    const id = await report(
      chenyu,
      '安全事件',
      async (screen) => {
        await screen.getByText(/先报，不用等查清/).waitFor()
        await screen.getByPlaceholder('例如：没登录也能看到别人的订单').fill(unique('没登录也能看到别人的订单'))
        await screen.getByPlaceholder('什么时候、哪个页面、看到了什么').fill('九点零五分，订单分享页，看到了三个别家的订单。')
        await chenyu.shoot('report')
      },
      { send: '马上报告' },
    )
    await step(hejun, { id, button: '正式通知甲方', texts: ['九点二十收到，可能涉及分享过的订单；已在下线分享。'], send: '通知甲方', look: 'notify', state: '已通知甲方' })
    await step(hejun, { button: '提出定级', choose: ['较大'], texts: ['约三百个订单能被看到。'], send: '提出', state: '已通知甲方' })
    await step(linmin, { id, button: '同意定级', look: 'grade', send: '同意', state: '已定级' })
    await linmin.shoot('graded')
    await step(linmin, { button: '是否上报', choose: ['报告'], texts: ['九点五十已向省网信办电话报告。'], look: 'decide', send: '记下决定', state: '已定级' })
    await step(hejun, { id, button: '已控制影响', texts: ['分享接口已下线，日志已封存。'], send: '记下', state: '已控制' })
    await step(linmin, { id, button: '是否告知个人', choose: ['告知'], fill: (form) => form.locator('textarea').last().fill('涉及姓名和收货地址；分享链接没有校验；已下线并更换链接；请留意可疑来电；联系信息部。'), look: 'persons', send: '记下决定', state: '已控制' })
    await step(hejun, { id, button: '已恢复', texts: ['十一点恢复，链接已加校验。'], send: '记下', state: '已恢复' })
    await step(hejun, { button: '交复盘', texts: ['根因：分享链接没有校验归属。以后：上线前做越权测试。'], send: '签发复盘', state: '待认可复盘' })
    await step(linmin, { id, button: '认可复盘', send: '认可并关闭', state: '已关闭' })
    const ticket = await read('linmin', id)
    assert.equal(verdict(ticket, 'I1'), 'met')
    assert.equal(verdict(ticket, 'N4'), 'met')
    assert.equal(ticket.particulars.evidence_frozen, false)
  }))

test('a manager asks for a report by a date, sends it back once, and takes it', () =>
  withPhones(host, ['linmin', 'hejun'], 'report', async ({ linmin, hejun }) => {
    const id = await report(
      linmin,
      '进度报告',
      async (screen) => {
        await screen.getByPlaceholder('例如：十一月进度报告').fill(unique('十一月进度报告'))
        await screen.getByPlaceholder('例如：完成了什么、风险、下月计划').fill('完成情况、风险、下月计划')
        await pickFirst(linmin, screen, '选什么时候要')
        await linmin.shoot('report')
      },
      { send: '发给乙方' },
    )
    await step(hejun, { id, button: '交报告', texts: ['完成八成；风险：接口联调。'], look: 'sign', send: '签发报告', state: '已提交' })
    await step(linmin, { id, button: '退回', texts: ['没写下月计划。'], send: '退回', state: '待提交' })
    await step(hejun, { id, button: '交报告', texts: ['完成八成；风险：接口联调；下月计划：上线。'], send: '签发报告', state: '已提交' })
    await step(linmin, { id, button: '接收', send: '接收', state: '已关闭' })
    assert.equal(verdict(await read('linmin', id), 'X'), 'met')
  }))

test('an inspection is quoted, agreed, reported and taken; an invoice is delivered and signed for', () =>
  withPhones(host, ['linmin', 'hejun'], 'money', async ({ linmin, hejun }) => {
    const inspection = await report(
      linmin,
      '质量检测',
      async (screen) => {
        await screen.getByPlaceholder('例如：下单接口压力测试').fill(unique('下单接口压力测试'))
        await screen.getByPlaceholder('例如：500 人同时下单，3 秒内返回').fill('500 人同时下单，3 秒内返回。')
      },
      { send: '发给乙方' },
    )
    await step(hejun, { id: inspection, button: '报价', texts: ['6000', '压测下单接口，3 个工作日出报告。'], look: 'quote', send: '签发报价', state: '已报价' })
    await step(linmin, { id: inspection, button: '同意报价', look: 'agree', send: '同意', state: '检测中' })
    await step(hejun, { id: inspection, button: '交检测报告', texts: ['通过：95% 在 1.8 秒内返回。'], send: '签发报告', state: '已交报告' })
    await step(linmin, { id: inspection, button: '接收', send: '接收', state: '已关闭' })
    assert.equal((await read('linmin', inspection)).records.find((r) => r.type === 'quote').body.amount_cents, 600_000)

    const invoice = await report(
      linmin,
      '发票',
      async (screen) => {
        await screen.getByPlaceholder('例如：第三季度维护费').fill(unique('第三季度维护费'))
        await screen.getByPlaceholder('例如：50000.00').fill('50,000.5')
        await screen.getByRole('radio', { name: /普通发票/ }).tap()
        await screen.getByPlaceholder(/^例如：海岚制造/).fill('海岚制造有限公司；内容写技术服务费。')
        await linmin.shoot('invoice-report')
      },
      { send: '发给乙方' },
    )
    // Amount and day stand there already: only the number is left to write.
    await step(hejun, { id: invoice, button: '开出发票', texts: ['24312000000012345678'], look: 'invoice', send: '交付发票', state: '已开票' })
    await step(linmin, { id: invoice, button: '签收', look: 'receipt', send: '签收', state: '已关闭' })
    const ticket = await read('linmin', invoice)
    assert.equal(verdict(ticket, 'F'), 'met')
    assert.equal(ticket.records.find((r) => r.type === 'invoice').body.amount_cents, 5_000_050)
    await openTicket(linmin, invoice)
    await linmin.shoot('invoice-closed')
  }))
