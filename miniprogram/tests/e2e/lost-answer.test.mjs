// What a bad network may do to a report: lose the answer, or the phone. Neither may lose or double what was written.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person, ticketsTitled } from './backend.mjs'
import { onPhone, startHost } from './browser.mjs'
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
