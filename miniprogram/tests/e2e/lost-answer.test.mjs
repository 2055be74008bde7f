// What a bad network may do to a report: lose the answer, or the phone. Neither may lose or double what was written.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person, ticketsTitled } from './backend.mjs'
import { onPhone, startHost } from './browser.mjs'
import { step, withPhones } from './people.mjs'
import { fillReport, openReport, receiptNumber, submit } from './report.mjs'

let host, chenyu
before(async () => {
  host = await startHost()
  chenyu = await person('chenyu')
})
after(() => host.close())

const unique = (words) => `${words} ${Date.now().toString(36)}`

test('a lost answer, sent again, makes exactly one ticket', () =>
  onPhone(host, 'chenyu', { name: 'lost', expected: ['failed: /api/v1/tickets'] }, async (phone) => {
    const title = unique('答复丢了')
    let lost = 0
    await phone.page.route('**/api/v1/tickets', async (route) => {
      if (route.request().method() !== 'POST' || lost) return route.fallback()
      lost += 1
      // The server gets it and answers; the phone never hears.
      await route.fetch()
      await route.abort('connectionreset')
    })
    await openReport(phone)
    await fillReport(phone, { title, description: '提交的那一刻网断了。' })
    await submit(phone)
    await phone.screen.getByText('不会重复建单').waitFor()
    await phone.shoot('notice')
    await submit(phone)
    const number = await receiptNumber(phone)
    assert.equal(lost, 1)
    const found = await ticketsTitled(chenyu, 'mine', title)
    assert.deepEqual(found.map((t) => t.number), [number])
  }))

test('a lost answer to a step that changes no state is not written twice', async () => {
  const linmin = await person('linmin')
  const zhouke = await person('zhouke')
  const wished_on = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
  const { id } = await linmin.post('/tickets', { kind: 'change', title: unique('加一列备注'), description: '列表里加一列备注。', wished_on })
  await linmin.act(id, 'issue')
  await zhouke.act(id, 'log_contact', { channel: 'phone', text: '先通了个电话。' })
  await withPhones(host, ['zhouke'], 'lost-step', async ({ zhouke: phone }) => {
    let lost = 0
    await phone.page.route('**/api/v1/tickets/*/actions', async (route) => {
      if (lost++) return route.fallback()
      await route.fetch()
      await route.fulfill({ status: 502, body: '' })
    })
    const log = { id, button: '记一次沟通', choose: ['会议'], texts: ['开会确认了列宽。'], send: '记下', state: '评估中', sent: (sheet) => sheet.getByText(/写的都在，再点一次就好/).waitFor() }
    await step(phone, log)
    await phone.screen.getByRole('dialog').getByRole('button', { name: '记下', exact: true }).tap()
    await phone.overlay.getByText('上一次多半已经办成了').waitFor()
    await phone.shoot('told')
    await phone.overlay.getByRole('button', { name: '知道了' }).tap()
    await phone.screen.getByText('开会确认了列宽。').waitFor()
  })
  const contacts = (await zhouke.get(`/tickets/${id}`)).records.filter((r) => r.type === 'contact')
  assert.equal(contacts.length, 2)
})

test('without a network the report is kept, and sent when it is back', () =>
  onPhone(host, 'chenyu', { name: 'offline' }, async (phone) => {
    const title = unique('电梯里断网')
    await openReport(phone)
    await fillReport(phone, { title, description: '进电梯前点了提交。' })
    await phone.page.evaluate(() => __mp.offline(true))
    await submit(phone)
    await phone.screen.getByText('不会重复建单').waitFor()
    await phone.page.evaluate(() => __mp.offline(false))
    await submit(phone)
    await receiptNumber(phone)
    assert.equal((await ticketsTitled(chenyu, 'mine', title)).length, 1)
  }))

test('a draft survives closing the mini-program', () =>
  onPhone(host, 'chenyu', { name: 'draft' }, async (phone) => {
    const title = unique('写到一半')
    await openReport(phone)
    await fillReport(phone, { title, description: '电话来了，先放下。' })
    await phone.page.waitForTimeout(600)
    await phone.page.reload()
    await phone.screen.getByText('上次没提交的内容帮你留着了').waitFor()
    assert.equal(await phone.screen.getByPlaceholder('例如：报表打不开').inputValue(), title)
    assert.equal(await phone.screen.getByPlaceholder('点了什么、看到什么提示').inputValue(), '电话来了，先放下。')
    await phone.shoot('restored')
    // Another person on the same machine sees nothing of it.
    const other = await phone.page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('wx:') && !k.startsWith('wx:chenyu:')))
    assert.deepEqual(other, [])
  }))
