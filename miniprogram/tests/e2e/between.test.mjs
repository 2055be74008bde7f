// What crosses a ticket's own way: waits, another kind, another severity, an incident out of it, links, a visit, the inbox.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { openTicket, pickFirst, step, visit, withPhones } from './people.mjs'

let host, chenyu, linmin, zhouke
before(async () => {
  host = await startHost()
  ;[chenyu, linmin, zhouke] = await Promise.all(['chenyu', 'linmin', 'zhouke'].map(person))
})
after(() => host.close())

const unique = (words) => `${words} ${Date.now().toString(36)}`
const fault = (who, title) => who.post('/tickets', { kind: 'fault', title: unique(title), description: '点保存后一直转圈。', severity: 'minor' })

test('a wait is acknowledged on the page that explains the time, and counts in the net figure only', () =>
  withPhones(host, ['chenyu'], 'wait', async ({ chenyu: phone }) => {
    const { id } = await fault(chenyu, '保存不了')
    await zhouke.act(id, 'accept', { text: '收到，先看日志。' })
    await zhouke.act(id, 'ask_client', { question: '用的是哪个浏览器？' })
    await step(phone, { id, button: '补充情况', texts: ['手机微信。'], send: '补充', state: '处理中' })
    await phone.screen.getByRole('button', { name: /^时间怎么算的/ }).tap()
    await phone.screen.getByText(/问：用的是哪个浏览器/).waitFor()
    await phone.screen.getByText('甲方还没认可，只记录').waitFor()
    await phone.screen.getByRole('button', { name: '认可最近这段等待' }).tap()
    await phone.screen.getByRole('dialog').getByRole('button', { name: '认可', exact: true }).tap()
    await phone.screen.getByText('甲方认可，从净用时里扣除').waitFor()
    await phone.shoot('acknowledged')
    const [wait] = (await chenyu.get(`/tickets/${id}`)).waits
    assert.ok(wait.acknowledged_at)
  }))

test('a fault becomes a quality defect when the vendor proposes it and the manager agrees', () =>
  withPhones(host, ['hejun', 'linmin'], 'kind', async ({ hejun: lead, linmin: manager }) => {
    const { id } = await fault(chenyu, '合计不对')
    await step(manager, { id, button: '改严重程度', choose: ['严重'], texts: ['月底对账，全公司都等着。'], send: '改过来', state: '已提交' })
    await step(lead, { id, button: '改类型', choose: ['质量问题'], texts: ['与需求 3.2 不符，应按质量问题修。'], look: 'propose', send: '提出', state: '已提交' })
    await step(manager, { id, button: '同意改类型', send: '同意', state: '已通知' })
    await manager.screen.locator('.head__kind').getByText('质量问题').waitFor()
    await manager.shoot('agreed')
    const ticket = await linmin.get(`/tickets/${id}`)
    assert.equal(ticket.kind, 'quality')
    assert.equal(ticket.severity, 'critical')
    assert.ok(ticket.clocks.some((c) => c.code === 'Q5' && c.verdict === 'running'))
  }))

test('an incident grows out of a fault; two tickets are linked; a third follows the first', () =>
  withPhones(host, ['chenyu', 'hejun', 'linmin'], 'links', async ({ chenyu: reporter, hejun: lead, linmin: manager }) => {
    const [first, second] = [await fault(chenyu, '订单打不开'), await fault(chenyu, '订单还是打不开')]
    await step(reporter, { id: first.id, button: '转为安全事件', texts: ['打开的是别人的订单。'], send: '转为安全事件', state: '已提交' })
    await reporter.screen.getByText(/^升级为安全事件 AQ-/).tap()
    await reporter.screen.locator('.head__kind').getByText('安全事件').waitFor()
    await reporter.screen.getByText(`来自故障 ${first.number}`).waitFor()
    await reporter.shoot('incident')

    await step(lead, {
      id: second.id, button: '关联另一单', send: '关联', state: '已提交',
      async fill(form) {
        await form.locator('input').fill(first.number)
        await form.getByRole('radio', { name: new RegExp(first.number) }).tap()
      },
    })
    await lead.screen.getByText(`相关故障 ${first.number}`).waitFor()

    await openTicket(manager, first.id)
    await manager.screen.getByRole('button', { name: '我也遇到', exact: true }).tap()
    await manager.screen.getByRole('dialog').getByRole('button', { name: '我也遇到', exact: true }).tap()
    await manager.screen.getByText('你也遇到了，有进展会告诉你').waitFor()
    assert.deepEqual((({ followers, follows }) => ({ followers, follows }))(await linmin.get(`/tickets/${first.id}`)), { followers: 1, follows: true })
    const incident = (await linmin.get(`/tickets/${first.id}`)).links.find((l) => l.kind === 'incident')
    await linmin.act(incident.id, 'withdraw', { reason: '演练' })
  }))

test('a visit is asked for, agreed, made, written down and signed by both sides', () =>
  withPhones(host, ['linmin', 'hejun', 'chenyu'], 'visit', async ({ linmin: manager, hejun: lead, chenyu: reporter }) => {
    const { id } = await chenyu.post('/tickets', { kind: 'consultation', title: unique('扫码枪连不上'), description: '二号厂房的扫码枪连不上。', mode: 'on_site' })
    await step(manager, { id, button: '申请上门', texts: ['二号厂房门口找我。'], send: '申请', state: '已提问' })
    await step(lead, { id, button: '约上门时间', fill: (form) => pickFirst(lead, form, '选什么时候到'), send: '约定', state: '已提问' })
    await step(lead, { button: '到场', send: '我到了', state: '已提问' })
    await step(lead, { button: '离场并记录', texts: ['重配了扫码枪，试扫 20 次都正常。'], look: 'leave', send: '签字离场', state: '已提问' })
    await step(reporter, { id, button: '签认上门', look: 'sign', send: '签认', state: '已提问' })
    await reporter.screen.getByText('双方已签').waitFor()
    await reporter.shoot('signed')
    const paper = (await chenyu.get(`/tickets/${id}`)).records.find((r) => r.type === 'site_visit')
    assert.ok(paper.client_signed && paper.vendor_signed)
    assert.equal(paper.body.result, '重配了扫码枪，试扫 20 次都正常。')
  }))

/** The demo's people have missed deadlines behind them, of which the worker tells a moment after it has started. */
async function told(who) {
  for (let i = 0; i < 50; i++) {
    const inbox = await who.get('/inbox')
    if (inbox.unread) return inbox
    await new Promise((done) => setTimeout(done, 300))
  }
  return assert.fail('nothing was told')
}

test('what happened is in the inbox; opening it leads there and takes it off the count', () =>
  withPhones(host, ['linmin'], 'inbox', async ({ linmin: phone }) => {
    const { unread, items } = await told(linmin)
    const notice = items.find((n) => n.read_at === null && n.about.kind === 'ticket')
    await visit(phone, 'pages/home/home')
    await phone.screen.getByRole('button', { name: /^消息，/ }).tap()
    const row = phone.screen.getByRole('button').filter({ hasText: notice.text }).first()
    await row.waitFor()
    await phone.shoot('list')
    await row.tap()
    await phone.screen.getByText(notice.about.number).first().waitFor()
    await phone.screen.getByText('对话', { exact: true }).waitFor()
    assert.ok((await linmin.get('/inbox')).items.find((n) => n.id === notice.id).read_at)
    await phone.screen.getByRole('button', { name: '返回' }).tap()
    await phone.screen.getByRole('button', { name: '全部标为已读' }).tap()
    await phone.screen.getByText('都看过了').waitFor()
    assert.ok((await linmin.get('/inbox')).unread < unread)
  }))
