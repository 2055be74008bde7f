// The term is renewed between two phones: an offer is signed, another declined, a third taken back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { visit, withPhones } from './people.mjs'

const PAGE = 'packages/agreement/renewal/renewal'

let host, linmin, hejun
before(async () => {
  host = await startHost()
  ;[linmin, hejun] = await Promise.all(['linmin', 'hejun'].map(person))
})
after(() => host.close())

const long = (date) => date.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')
const yearsAfter = (date, n) => date.replace(/^\d+/, (y) => String(Number(y) + n))

/** Taps, fills what is asked, sends, and says yes once more where it is a signature. */
async function decide({ screen, overlay }, button, send, { fill, signs = true } = {}) {
  await screen.getByRole('button', { name: button, exact: true }).first().tap()
  const sheet = screen.getByRole('dialog')
  await sheet.waitFor()
  await fill?.(sheet)
  await sheet.getByRole('button', { name: send, exact: true }).tap()
  if (signs) {
    await overlay.getByText(/^协议期至 .*签了就不能收回/).waitFor()
    await overlay.getByRole('button', { name: '确认' }).tap()
  }
  await sheet.waitFor({ state: 'detached' })
}

test('the vendor offers, the manager signs, and the term ends later', () =>
  withPhones(host, ['linmin', 'hejun'], 'renewal', async ({ linmin: manager, hejun: lead }) => {
    const before = await linmin.get('/contract')
    // The demonstration begins with an offer; a desk where it was signed before gets another one.
    const offered = before.pending.find((p) => p.kind === 'renewal') ?? (await hejun.post('/contract/renewals', { expires_on: yearsAfter(before.expires_on, 1), reason: '按现有条件续签一年。' }))
    const { expires_on } = await linmin.get(`/contract/renewals/${offered.id}`)
    await visit(manager, 'packages/agreement/home/home')
    await manager.screen.getByRole('button', { name: `等你签：续签至 ${expires_on}` }).tap()
    await manager.screen.getByText(long(expires_on)).first().waitFor()
    await manager.shoot('offered')
    await visit(lead, PAGE)
    await lead.screen.getByRole('button', { name: '撤回提议' }).waitFor()
    await decide(manager, '签署', '签署')
    await manager.screen.getByText('双方已签').waitFor()
    await manager.shoot('signed')
    const after = await linmin.get('/contract')
    assert.equal(after.expires_on, expires_on)
    assert.equal(after.pending.some((p) => p.kind === 'renewal'), false)
    await visit(lead, 'packages/agreement/home/home')
    await lead.screen.getByText(long(expires_on)).waitFor()

    // The next offer: one year more, declined with a reason; then one that its side takes back.
    await visit(lead, PAGE)
    await decide(lead, '提议续签', '提出并签署', { fill: (sheet) => sheet.getByRole('radio', { name: /^续 1 年/ }).tap() })
    await lead.screen.getByText('待签署').waitFor()
    await visit(manager, PAGE)
    await decide(manager, '不同意', '不同意', { fill: (sheet) => sheet.locator('textarea').fill('刚续过，明年再谈。'), signs: false })
    await manager.screen.getByText('对方没有同意：刚续过，明年再谈。').first().waitFor()
    await decide(manager, '提议续签', '提出并签署', { fill: (sheet) => sheet.getByRole('radio', { name: /^续 2 年/ }).tap() })
    await decide(manager, '撤回提议', '撤回', { signs: false })
    await manager.screen.getByText('提出的一方撤回了').first().waitFor()
    assert.equal((await hejun.get('/contract')).expires_on, expires_on)
  }))
