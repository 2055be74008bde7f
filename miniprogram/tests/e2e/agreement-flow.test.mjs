// The agreement between two people: each proposes and signs on a phone of their own, the real server between them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { onPhone, openPhone, startHost } from './browser.mjs'

let host, linmin, hejun
before(async () => {
  host = await startHost()
  ;[linmin, hejun] = await Promise.all(['linmin', 'hejun'].map(person))
})
after(() => host.close())

const HOME = 'packages/agreement/home/home'

/** Goes to a page of the mini-program and waits until it has what it shows. */
async function go(phone, route) {
  await phone.page.waitForLoadState('networkidle')
  await phone.page.evaluate((r) => (location.hash = `/${r}`), route)
  await phone.page.waitForFunction((r) => __mp.page()?.route === r, route.split('?')[0])
  await phone.page.waitForLoadState('networkidle')
}

/** Every signature is asked for twice: on the sheet that shows what is signed, and once more. */
async function sign(phone, { button, send, fill = async () => undefined, shows = [] }) {
  const { screen, overlay } = phone
  await screen.getByRole('button', { name: button, exact: true }).first().tap()
  const sheet = screen.getByRole('dialog')
  await sheet.waitFor()
  await fill(sheet)
  for (const text of shows) await sheet.getByText(text).first().waitFor()
  await sheet.getByText(/书面形式（电子签名法第 4 条）/).waitFor()
  await sheet.getByRole('button', { name: send, exact: true }).tap()
  await overlay.getByText('再确认一次').waitFor()
  await overlay.getByRole('button', { name: /^(确认|提出)$/ }).tap()
  await sheet.waitFor({ state: 'detached' })
}

async function two(steps) {
  const phones = []
  try {
    for (const user of ['linmin', 'hejun']) phones.push(await openPhone(host, user, { name: `agreement-${user}` }))
    await steps(...phones)
    for (const phone of phones) await phone.clean()
  } catch (e) {
    for (const phone of phones) await phone.shoot(`failed-${process.pid}`).catch(() => undefined)
    throw e
  } finally {
    for (const phone of phones) await phone.close()
  }
}

/** 2027 as it may be announced, in the words of these notices. */
const NOTICE = `国务院办公厅关于2027年
部分节假日安排的通知

国办发明电〔2026〕8号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：

经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。

一、元旦：1月1日（周五）至3日（周日）放假，共3天。

二、春节：2月5日（农历除夕、周五）至12日（农历正月初七、周五）放假调休，共8天。1月31日（周日）、2月14日（周日）上班。

三、清明节：4月3日（周六）至5日（周一）放假，共3天。

四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。

五、端午节：6月9日（周三）放假1天，不调休。

六、中秋节：9月15日（周三）放假1天，不调休。

七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。

节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，确保人民群众祥和平安度过节日假期。

国务院办公厅

2026年11月10日`

test('the manager proposes P9, the lead signs, and both see since when it counts', () =>
  two(async (manager, lead) => {
    const p9 = async () => (await linmin.get('/contract')).parameters.values.find((p) => p.code === 'P9').value
    // Whatever an earlier run left in force, the other of two values is proposed.
    const days = (await p9()) === '3 working days' ? '4' : '3'
    await go(manager, HOME)
    await manager.shoot('home')
    await manager.screen.getByRole('button', { name: /^附件参数/ }).tap()
    await manager.screen.getByRole('button', { name: /^P9 默示确认/ }).tap()
    await manager.screen.getByRole('button', { name: '提出改动' }).waitFor()
    await sign(manager, {
      button: '提出改动', send: '提出并签署',
      fill: async (sheet) => {
        await sheet.locator('input').first().fill(days)
        await sheet.locator('textarea').fill('年底结账，要快一点。')
        await manager.shoot('propose-sheet')
      },
    })
    await manager.screen.getByText('等乙方签署').waitFor()
    await manager.screen.getByText(`${days} 个工作日`).waitFor()
    await manager.shoot('proposed')

    await go(lead, HOME)
    await lead.screen.getByRole('button', { name: /^等你签：附件参数/ }).first().tap()
    await lead.screen.getByText('年底结账，要快一点。').waitFor()
    await sign(lead, { button: '签署', send: '签署', shows: [new RegExp(`P9 默示确认：.*→ ${days} 个工作日`)] })
    await lead.screen.getByText('双方已签').waitFor()
    await lead.screen.getByText(/起生效/).waitFor()
    await lead.shoot('signed')
    const [signed] = (await linmin.get('/contract/parameters')).items
    assert.equal(signed.state, 'signed')
    assert.deepEqual(signed.changes.map((c) => [c.code, c.after]), [['P9', `${days} working days`]])
    assert.ok(Date.parse(signed.effective_from) - Date.parse(signed.vendor_signed.at) >= 60_000)
  }))

test('the manager pastes the notice of 2027, a slip in it is named, and the lead signs the year', () =>
  two(async (manager, lead) => {
    const { screen, overlay } = manager
    await go(manager, 'packages/agreement/calendar/calendar?year=2027')
    await manager.shoot('calendar-2027')
    await go(manager, 'packages/agreement/import/import')
    const propose = () => screen.getByRole('button', { name: '提出并签署' }).tap()
    await screen.locator('textarea').fill(NOTICE.replace('至3日（周日）放假，共3天', '至3日（周六）放假，共3天'))
    await propose()
    await screen.getByRole('alert').filter({ hasText: '周六' }).first().waitFor()
    assert.match(await screen.locator('textarea').inputValue(), /国办发明电/)
    await manager.shoot('import-refused')
    await screen.locator('textarea').fill(NOTICE)
    await propose()
    // What it would change is shown before anything is signed.
    await overlay.getByText(/2027 年有 \d+ 天和现在的不同/).waitFor()
    assert.deepEqual((await linmin.get('/contract')).pending.filter((p) => p.kind === 'calendar'), [])
    await overlay.getByRole('button', { name: '提出' }).tap()
    await screen.getByText('2027 年日历').first().waitFor()
    await screen.getByText('来源：国办发明电〔2026〕8号').waitFor()
    await screen.getByText('会移动的到期时间').waitFor()
    await manager.shoot('calendar-proposed')

    await go(lead, HOME)
    await lead.screen.getByRole('button', { name: '等你签：2027 年日历' }).first().tap()
    await lead.screen.getByRole('button', { name: '签署', exact: true }).waitFor()
    await sign(lead, { button: '签署', send: '签署', shows: ['2027 年日历'] })
    await lead.screen.getByText('双方已签').waitFor()
    const [signed] = (await hejun.get('/calendar/imports')).items
    assert.equal(signed.year, 2027)
    assert.equal(signed.state, 'signed')
  }))

test('the lead hands over, the manager rejects one item, then both sign and the term begins', (t) =>
  two(async (manager, lead) => {
    if ((await linmin.get('/contract')).delivered_on) return t.skip('this desk has been handed over before')
    const { screen } = lead
    await go(lead, 'packages/agreement/milestones/milestones')
    await lead.shoot('milestones')
    await screen.getByRole('button', { name: '提交交付' }).tap()
    for (const [kind, name] of [['使用手册', '使用手册 v1.0'], ['测试报告', '测试报告 v1.0']]) {
      await screen.getByRole('button', { name: '加一项' }).tap()
      const sheet = screen.getByRole('dialog')
      await sheet.getByRole('radio', { name: new RegExp(`^${kind}`) }).tap()
      await sheet.locator('textarea, input').first().fill(name)
      await sheet.getByRole('radio', { name: /^甲方所有/ }).tap()
      await sheet.locator('textarea').last().fill('ab'.repeat(32))
      await sheet.getByRole('button', { name: '加进清单' }).tap()
      await sheet.waitFor({ state: 'detached' })
    }
    await lead.shoot('hand-over')
    await screen.getByRole('button', { name: '提交交付' }).tap()
    await lead.overlay.getByRole('button', { name: '提交' }).tap()
    await screen.getByText('共 2 项，已通过 0 项').waitFor()

    await go(manager, HOME)
    await manager.screen.getByRole('button', { name: /^等你办：交付/ }).tap()
    const decide = async (phone, button, fill) => {
      await phone.screen.getByRole('button', { name: button, exact: true }).tap()
      const sheet = phone.screen.getByRole('dialog')
      await fill?.(sheet)
      await sheet.getByRole('button', { name: /^(通过|退回|补交)$/ }).tap()
      if (!fill) await phone.overlay.getByRole('button', { name: '确认' }).tap()
      await sheet.waitFor({ state: 'detached' })
    }
    await decide(manager, '退回测试报告', (sheet) => sheet.locator('textarea').fill('缺性能测试的结果。'))
    await decide(manager, '通过使用手册')
    await manager.shoot('delivery-rejected')
    await lead.page.waitForLoadState('networkidle')
    const [{ id }] = (await linmin.get('/contract/deliveries')).items
    await go(lead, `${HOME}`)
    await go(lead, `packages/agreement/delivery/delivery?id=${id}`)
    await decide(lead, '补交测试报告', async (sheet) => {
      await sheet.locator('textarea').last().fill('cd'.repeat(32))
    })
    await go(manager, HOME)
    await go(manager, `packages/agreement/delivery/delivery?id=${id}`)
    await decide(manager, '通过测试报告')
    await sign(manager, { button: '签署验收', send: '签署验收', shows: [/的验收，共 2 项/, /使用手册：使用手册 v1.0（甲方所有）/] })
    await go(lead, HOME)
    await lead.screen.getByRole('button', { name: /^等你签：交付/ }).tap()
    await lead.screen.getByRole('button', { name: '签署验收' }).waitFor()
    await sign(lead, { button: '签署验收', send: '签署验收' })
    await lead.screen.getByText(/协议期到 .* 为止/).waitFor()
    await lead.shoot('delivery-accepted')

    const contract = await linmin.get('/contract')
    assert.equal(contract.phase, 'maintenance')
    const [y, m, d] = contract.expires_on.split('-').map(Number)
    await go(manager, HOME)
    await manager.screen.getByText('维护期').first().waitFor()
    await manager.screen.getByText(`${y}年${m}月${d}日`).waitFor()
    await manager.screen.getByText(/^还剩 36\d 天$/).waitFor()
    await manager.shoot('home-maintenance')
  }))

test('a breach is disputed by one side and waived by the other, and its past stays', () =>
  two(async (manager, lead) => {
    const open = (await linmin.get('/contract/breaches?side=vendor&status=asserted&limit=1')).items[0]
    assert.ok(open, 'the demo has a late answer that nobody has spoken about yet')
    await go(lead, 'packages/agreement/breaches/breaches')
    await lead.shoot('breaches')
    await go(lead, `packages/agreement/breach/breach?id=${open.id}`)
    await sign(lead, { button: '申辩', send: '提出申辩', fill: (sheet) => sheet.locator('textarea').fill('当晚 21:00 已在电话里答复。') })
    await lead.screen.getByText('有申辩').waitFor()
    await go(manager, `packages/agreement/breach/breach?id=${open.id}`)
    await manager.screen.getByText('当晚 21:00 已在电话里答复。').waitFor()
    await sign(manager, { button: '豁免', send: '豁免', fill: (sheet) => sheet.locator('textarea').fill('影响很小，这次不计。') })
    await manager.screen.getByText('已豁免').waitFor()
    await manager.shoot('breach-waived')
    const after = await linmin.get(`/contract/breaches/${open.id}`)
    assert.equal(after.status, 'waived')
    assert.deepEqual(after.history.map((h) => h.event), ['asserted', 'dispute', 'waive'])
  }))

test('an employee sees the calendar and not the agreement', () =>
  onPhone(host, 'chenyu', {}, async (phone) => {
    await phone.page.waitForLoadState('networkidle')
    await phone.screen.getByText('我的', { exact: true }).last().tap()
    await phone.screen.getByRole('button', { name: /工作日历/ }).tap()
    await phone.screen.getByText('1 月', { exact: true }).waitFor()
    assert.equal(await phone.screen.getByText(/导入/).count(), 0)
    await go(phone, HOME)
    await phone.screen.getByRole('button', { name: '再试一次' }).waitFor()
    assert.equal(await phone.screen.getByText('甲方', { exact: true }).count(), 0)
  }))
