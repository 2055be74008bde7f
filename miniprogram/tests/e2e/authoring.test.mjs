// A course on the vendor's phones: written by one, sent back, reviewed by another; and an article from a closed ticket.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { fresh } from './courses.mjs'
import { openTicket, visit, withPhones } from './people.mjs'

let host, chenyu, zhouke
before(async () => {
  host = await startHost()
  ;[chenyu, zhouke] = await Promise.all(['chenyu', 'zhouke', 'hejun'].map(person))
})
after(() => host.close())

const COURSES = 'packages/authoring/courses/courses'
const confirm = (phone, name) => phone.overlay.getByRole('button', { name, exact: true }).tap()

async function act(phone, name, sure = name) {
  await phone.screen.getByRole('button', { name, exact: true }).tap()
  await confirm(phone, sure)
}

test('a course is written, previewed, sent back, published and seen', async () => {
  const title = fresh('扫码枪怎么连')
  await withPhones(host, ['zhouke', 'hejun'], 'authoring', async ({ zhouke: author, hejun: reviewer }) => {
    await visit(author, COURSES)
    await author.screen.getByRole('button', { name: '新课程', exact: true }).tap()
    const sheet = author.screen.getByRole('dialog')
    await sheet.getByRole('radio', { name: '故障排查' }).tap()
    const boxes = sheet.locator('textarea:visible, input:visible')
    await boxes.nth(0).fill(title)
    await boxes.nth(1).fill('两分钟连好一把扫码枪。')
    await sheet.getByRole('button', { name: '建好', exact: true }).tap()

    await author.screen.getByRole('button', { name: '加一项', exact: true }).tap()
    const adding = author.screen.getByRole('dialog')
    await adding.getByRole('radio', { name: '文章' }).tap()
    await adding.getByRole('radio', { name: '必学' }).tap()
    const fields = adding.locator('textarea:visible, input:visible')
    await fields.nth(0).fill('先看电量')
    await fields.nth(1).fill('一、连上')
    await adding.getByRole('button', { name: '去写', exact: true }).tap()

    const words = author.screen.getByRole('textbox', { name: '正文' })
    await words.fill('## 看灯\n\n**红灯**是没电，先充十分钟。\n')
    await author.screen.getByRole('button', { name: '预览', exact: true }).tap()
    await author.screen.locator('strong', { hasText: '红灯' }).waitFor()
    await author.shoot('preview')
    await author.screen.getByRole('button', { name: '接着写', exact: true }).tap()
    await author.screen.getByRole('button', { name: '保存', exact: true }).tap()
    await author.screen.getByRole('button', { name: '已保存', exact: true }).waitFor()
    await author.page.evaluate(() => wx.navigateBack())
    await act(author, '提交审核')
    await author.screen.getByText('待审核').first().waitFor()

    await visit(reviewer, COURSES)
    await reviewer.screen.getByRole('button', { name: title }).tap()
    await reviewer.screen.getByRole('button', { name: '退回', exact: true }).tap()
    const returning = reviewer.screen.getByRole('dialog')
    await returning.locator('textarea:visible').fill('再写一句蓝灯。')
    await returning.getByRole('button', { name: '退回', exact: true }).tap()
    await reviewer.screen.getByText('退回：再写一句蓝灯。').waitFor()

    await visit(author, COURSES)
    await author.screen.getByRole('button', { name: title }).tap()
    await author.screen.getByRole('button', { name: '先看电量' }).tap()
    await author.screen.getByRole('textbox', { name: '正文' }).fill('## 看灯\n\n**红灯**是没电，**蓝灯**是连上了。\n')
    await author.screen.getByRole('button', { name: '保存', exact: true }).tap()
    await author.screen.getByRole('button', { name: '已保存', exact: true }).waitFor()
    await author.page.evaluate(() => wx.navigateBack())
    await act(author, '提交审核')
    await author.screen.getByText('待审核').first().waitFor()

    await visit(reviewer, COURSES)
    await reviewer.screen.getByRole('button', { name: title }).tap()
    await act(reviewer, '审核通过')
    await act(reviewer, '发布')
    await reviewer.screen.getByText('已发布', { exact: true }).first().waitFor()
    await reviewer.shoot('published')
  })
  const { items } = await chenyu.get('/courses?limit=100')
  assert.ok(items.some((c) => c.title === title))
})

test('a closed ticket becomes a draft without the people in it', async () => {
  const hejun = await person('hejun')
  const { id } = await chenyu.post('/tickets', { kind: 'consultation', title: '报表怎么导出', description: '我是陈宇，电话 13800001234，报表怎么导出？', mode: 'online' })
  await zhouke.act(id, 'answer', { text: '在报表页右上角点导出。' })
  await chenyu.act(id, 'close', {})
  await withPhones(host, ['zhouke'], 'article', async ({ zhouke: author }) => {
    await openTicket(author, id)
    await author.screen.getByRole('button', { name: '写成文章' }).tap()
    await confirm(author, '写')
    await author.page.waitForFunction(() => __mp.page()?.route === 'packages/authoring/course/course')
    await author.screen.getByText('这次改了').waitFor()
    await author.screen.getByRole('button', { name: '报表怎么导出' }).first().waitFor()
    await author.shoot('draft')
    const course = await author.page.evaluate(() => __mp.page().options.id)
    const { sections } = await hejun.get(`/authoring/courses/${course}`)
    const item = sections.flatMap((s) => s.items).find((i) => i.title.includes('报表怎么导出'))
    assert.ok(item && !/13800001234|陈宇/.test(item.body_md), item?.body_md)
  })
})
