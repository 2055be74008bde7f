// What the agreement's pages write down between two people: maintenance, a stage with its tests, a year file, the exit.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { pickFirst, visit, withPhones } from './people.mjs'

const A = 'packages/agreement'

let host, linmin, zhouke
before(async () => {
  host = await startHost()
  ;[linmin, zhouke] = await Promise.all(['linmin', 'zhouke'].map(person))
})
after(() => host.close())

/** One action of a page: its sheet is filled and sent; a signature is asked for twice. */
async function act({ screen, overlay }, button, send, { fill, signs = false } = {}) {
  await screen.getByRole('button', { name: button, exact: true }).first().tap()
  const sheet = screen.getByRole('dialog')
  await sheet.waitFor()
  await fill?.(sheet)
  await sheet.getByRole('button', { name: send, exact: true }).tap()
  if (signs) {
    await overlay.getByText('再确认一次').waitFor()
    await overlay.getByRole('button', { name: '确认' }).tap()
  }
  await sheet.waitFor({ state: 'detached' })
}

test('maintenance is logged, and a drill without its figures names what is missing', () =>
  withPhones(host, ['zhouke'], 'maintenance', async ({ zhouke: agent }) => {
    const note = `全量备份 12.4 GB，校验一致 ${Date.now().toString(36)}`
    await visit(agent, `${A}/maintenance/maintenance`)
    await act(agent, '记一次维护', '记下', {
      async fill(sheet) {
        await sheet.getByRole('radio', { name: /^恢复演练/ }).tap()
        await pickFirst(agent, sheet, '选什么时候做完的')
        await sheet.getByRole('radio', { name: '正常' }).tap()
        await sheet.locator('textarea:visible').last().fill(note)
        await sheet.getByRole('button', { name: '记下', exact: true }).tap()
        await sheet.getByText('成功的演练要写恢复用时').waitFor()
        await agent.shoot('drill-refused')
        await sheet.getByRole('radio', { name: /^备份/ }).tap()
      },
    })
    await agent.screen.getByText(note).waitFor()
    const [kept] = (await zhouke.get('/contract/maintenance?limit=1&kind=backup')).items
    assert.deepEqual([kept.note, kept.result, kept.restore_minutes], [note, 'ok', null])
  }))

test('a stage begins with three tests: one is handed in, sent back, handed in again and taken', () =>
  withPhones(host, ['hejun', 'linmin'], 'milestone', async ({ hejun: lead, linmin: manager }) => {
    const known = (await linmin.get('/contract/milestones')).items.map((m) => m.stage)
    const stage = Math.max(0, ...known) + 1
    await visit(lead, `${A}/milestones/milestones`)
    await act(lead, '开始一个阶段的检测', '开始', { fill: (sheet) => sheet.locator('input:visible, textarea:visible').first().fill(String(stage)) })
    await lead.screen.getByRole('button', { name: new RegExp(`第 ${stage} 阶段安全测试`) }).tap()
    const submit = (button, text) => act(lead, button, '签署并提交', { fill: (sheet) => sheet.locator('textarea:visible').first().fill(text), signs: true })
    await lead.screen.getByText('还没有提交过。').waitFor()
    await submit('提交', '端口扫描与越权测试，无高危问题。')
    const found = async () => (await linmin.get('/contract/milestones')).items.find((m) => m.stage === stage && m.title.includes('安全'))
    const { id } = await found()
    await visit(manager, `${A}/milestone/milestone?id=${id}`)
    await act(manager, '退回', '退回', { fill: (sheet) => sheet.locator('textarea:visible').fill('没有写测了哪些接口。') })
    await manager.screen.getByText('已退回').first().waitFor()
    await visit(lead, `${A}/milestone/milestone?id=${id}`)
    await lead.screen.getByText(/没有写测了哪些接口/).waitFor()
    await submit('提交新版', '补上接口清单 32 个，无高危问题。')
    await visit(manager, `${A}/milestone/milestone?id=${id}`)
    await act(manager, '确认', '签署确认', { signs: true })
    await manager.screen.getByText('已确认').first().waitFor()
    await manager.shoot('accepted')
    const kept = await found()
    assert.deepEqual([kept.state, ...kept.versions.map((v) => v.state)], ['accepted', 'returned', 'accepted'])
  }))

test('a year file is read on the phone, shows what it would change, and a broken one stores nothing', () =>
  withPhones(host, ['linmin'], 'year-file', async ({ linmin: manager }) => {
    const { page, screen, overlay } = manager
    const pick = async (name, text) => {
      const chooser = page.waitForEvent('filechooser')
      await screen.getByRole('button', { name: '选一份年度文件' }).tap()
      await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
    }
    const days = (list) => list.map(([date, name]) => ({ date, name }))
    const off = [['2028-01-01', '元旦'], ['2028-01-26', '春节'], ['2028-04-04', '清明节'], ['2028-05-01', '劳动节'], ['2028-05-28', '端午节'], ['2028-10-03', '中秋节'], ['2028-10-01', '国庆节']]
    const year = { year: 2028, days_off: days(off), make_up_workdays: days([['2028-01-08', '元旦']]) }
    const before = (await linmin.get('/calendar/imports')).items.length
    await visit(manager, `${A}/import/import`)
    await screen.locator('input:visible').last().fill('示例：国办发明电〔2027〕1号')
    await pick('2028-broken.json', JSON.stringify({ ...year, days_off: days([['2028-02-30', '春节']]) }))
    await screen.getByText('2028-broken.json').waitFor()
    await screen.getByRole('button', { name: '提出并签署' }).tap()
    await screen.getByText(/什么都没有存/).waitFor()
    await manager.shoot('broken')
    await screen.getByRole('button', { name: '不用它' }).tap()
    await pick('2028.json', JSON.stringify(year))
    await screen.getByRole('button', { name: '提出并签署' }).tap()
    await overlay.getByText(/2028 年有 \d+ 天和现在的不同/).waitFor()
    await overlay.getByRole('button', { name: '再看看' }).tap()
    assert.equal((await linmin.get('/calendar/imports')).items.length, before, 'looking stored nothing')
    await screen.getByRole('button', { name: '提出并签署' }).tap()
    await overlay.getByRole('button', { name: '提出' }).tap()
    await screen.getByText('2028 年日历').first().waitFor()
    await act(manager, '撤回提议', '撤回')
    const [last] = (await linmin.get('/calendar/imports')).items
    assert.deepEqual([last.year, last.state], [2028, 'withdrawn'])
  }))

test('the exit: what the vendor has done the client sends back or confirms, item by item', () =>
  withPhones(host, ['linmin'], 'exit', async ({ linmin: manager }) => {
    // The demonstration's term runs: what the server says after its end is put in its place, and what is sent kept.
    const kinds = [['revoke_accounts', '停用账号与密钥'], ['return_export', '返还数据'], ['destroy_keys', '销毁数据'], ['certificate', '销毁证明']]
    const at = new Date().toISOString()
    const item = ([kind, title], i) => ({ number: i + 1, round: 1, item: kind, title, name: null, ip_label: null, state: i ? 'open' : 'provided', attachment: null, sha256: i ? null : 'ab'.repeat(32), note: i ? null : '3 个账号已停用', provided: i ? null : { by: null, at }, decided: null, reason: null })
    const list = { id: '0193b3a0-0000-7000-8000-000000000001', version: 3, number: 'DQ-2026-000001', state: 'open', began_at: at, closed_at: null, items: kinds.map(item), allowed_actions: ['confirm', 'return'] }
    const sent = []
    await manager.page.route('**/api/v1/contract/exit**', async (route) => {
      if (route.request().method() === 'POST') {
        const body = route.request().postDataJSON()
        sent.push([body, route.request().headers()['if-match']])
        const [first] = list.items
        Object.assign(first, body.action === 'confirm' ? { state: 'accepted', decided: { by: null, at } } : { state: 'rejected', reason: body.reason })
        list.version += 1
      }
      await route.fulfill({ json: list })
    })
    await visit(manager, `${A}/exit/exit`)
    await manager.screen.getByText('届满清单 DQ-2026-000001').waitFor()
    await manager.shoot('open')
    await act(manager, '退回停用账号与密钥', '退回', { fill: (sheet) => sheet.locator('textarea:visible').fill('还有一个测试账号能登录。') })
    await manager.screen.getByText('已退回').first().waitFor()
    // The vendor did it again.
    Object.assign(list.items[0], { state: 'provided' })
    await visit(manager, `${A}/exit/exit`)
    await act(manager, '确认停用账号与密钥', '签署确认', { signs: true })
    await manager.screen.getByText('已通过').first().waitFor()
    assert.deepEqual(sent, [
      [{ action: 'return', number: 1, reason: '还有一个测试账号能登录。' }, '"3"'],
      [{ action: 'confirm', number: 1 }, '"4"'],
    ])
  }))
