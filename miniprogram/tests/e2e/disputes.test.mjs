// Where the sides differ or two reports are one: a defect that is none, a short notice that is agreed to, a merge.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { step, withPhones } from './people.mjs'

let host, chenyu, linmin
before(async () => {
  host = await startHost()
  ;[chenyu, linmin] = await Promise.all(['chenyu', 'linmin'].map(person))
})
after(() => host.close())

const unique = (words) => `${words} ${Date.now().toString(36)}`
const read = async (id) => (await person('linmin')).get(`/tickets/${id}`)

test('a defect is disputed, found to be none by both, and never was a duty', () =>
  withPhones(host, ['hejun', 'linmin'], 'finding', async ({ hejun: lead, linmin: manager }) => {
    const { id } = await linmin.post('/tickets', { kind: 'quality', title: unique('合计按月取整'), description: '需求写按行取整。' })
    await step(lead, { id, button: '提出异议', texts: ['需求 3.2 第二段写的是按月取整。'], send: '提出异议', state: '有异议' })
    await step(lead, { button: '提出认定', choose: ['不是质量问题'], texts: ['对照需求文档 3.2 节，双方都看过。'], look: 'finding', send: '提出', state: '有异议' })
    await step(manager, { id, button: '同意认定', look: 'agree', send: '同意', state: '已关闭' })
    const ticket = await read(id)
    assert.equal(ticket.clocks.find((c) => c.code === 'Q5').verdict, 'void')
  }))

test('a change issued too late for its date is agreed to by the vendor', () =>
  withPhones(host, ['hejun'], 'lead-time', async ({ hejun: lead }) => {
    const soon = new Date(Date.now() + 2 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
    const { id } = await linmin.post('/tickets', { kind: 'change', title: unique('首页换横幅'), description: '周年活动要用。', wished_on: soon })
    if ((await read(id)).state === 'draft') await linmin.act(id, 'submit_for_issue')
    await linmin.act(id, 'issue', { accept_short: true })
    await step(lead, { id, button: '同意缩短提前期', texts: ['改动小，来得及。'], look: 'waive', send: '同意缩短', state: '已通知' })
    const ticket = await read(id)
    assert.equal(ticket.allowed_actions.includes('waive_lead_time'), false)
    const { items } = await linmin.get(`/tickets/${id}/messages`)
    assert.match(JSON.stringify(items), /改动小，来得及/)
  }))

test('a fault that was reported twice goes into the other, which keeps the earlier receipt', () =>
  withPhones(host, ['hejun'], 'merge', async ({ hejun: lead }) => {
    const post = (title) => chenyu.post('/tickets', { kind: 'fault', title: unique(title), description: '点了没有反应。' })
    const into = await post('审批页打不开')
    const from = await post('审批页白屏')
    await step(lead, {
      id: from.id, button: '合并到另一单', look: 'merge', send: '合并', state: '已合并',
      async fill(form) {
        await form.locator('input:visible').first().fill(into.number)
        await form.getByText(into.number).last().tap()
      },
    })
    const gone = await read(from.id)
    assert.deepEqual([gone.state, gone.merged_into.number], ['merged', into.number])
  }))
