// A course on the vendor's phones: written by one, sent back, reviewed by another; and an article from a closed ticket.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { fresh } from './courses.mjs'
import { openTicket, visit, withPhones } from './people.mjs'

const FOLDER = fileURLToPath(new URL('../../../config/courses', import.meta.url))
const PAGES = `${FOLDER}/agreement-and-deadlines/october`
/** The film of the repository, made longer than one piece by a box that players pass over. */
const longFilm = () => {
  const free = Buffer.alloc(3 * 1024 * 1024)
  free.writeUInt32BE(free.length)
  free.write('free', 4, 'latin1')
  return Buffer.concat([fs.readFileSync(`${FOLDER}/report-a-fault/clip.mp4`), free])
}

let host, chenyu, zhouke
before(async () => {
  host = await startHost()
  ;[chenyu, zhouke] = await Promise.all(['chenyu', 'zhouke', 'hejun'].map(person))
})
after(() => host.close())

const COURSES = 'packages/authoring/courses/courses'
const INBOX = 'packages/account/inbox/inbox'
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
    await adding.getByRole('button', { name: '下一步', exact: true }).tap()

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

    // Told in the inbox, and led to where it is reviewed.
    await visit(reviewer, INBOX)
    await reviewer.screen.getByText(`《${title}》等人审核`).tap()
    await reviewer.page.waitForFunction(() => __mp.page()?.route === 'packages/authoring/course/course')
    await reviewer.screen.getByRole('button', { name: '退回', exact: true }).tap()
    const returning = reviewer.screen.getByRole('dialog')
    await returning.locator('textarea:visible').fill('再写一句蓝灯。')
    await returning.getByRole('button', { name: '退回', exact: true }).tap()
    await reviewer.screen.getByText('退回：再写一句蓝灯。').waitFor()

    await visit(author, INBOX)
    await author.screen.getByText(`《${title}》被退回，看看要改什么`).tap()
    await author.screen.getByText('退回：再写一句蓝灯。').waitFor()
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

/** Chooses these files where the phone's album or chat opens. */
async function choosing({ page }, files, tap) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), tap()])
  await chooser.setFiles(files)
}

test('a film, slides and pictures come from the phone, over a network that breaks', async () => {
  const made = await zhouke.post('/courses', { category: 'features', title: fresh('手机上传'), summary: '都从手机来。', mandatory_for: [] })
  const work = async () => (await zhouke.get(`/authoring/courses/${made.id}`)).sections.flatMap((s) => s.items)
  await withPhones(host, ['zhouke'], 'from-phone', async ({ zhouke: author }) => {
    const { page, screen, overlay } = author
    const course = `packages/authoring/course/course?id=${made.id}`
    const add = async (kind, title) => {
      await visit(author, course)
      await screen.getByRole('button', { name: '加一项', exact: true }).tap()
      const sheet = screen.getByRole('dialog')
      await sheet.getByRole('radio', { name: kind }).tap()
      await sheet.getByRole('radio', { name: '必学' }).tap()
      const fields = sheet.locator('textarea:visible, input:visible')
      await fields.nth(0).fill(title)
      await fields.nth(1).fill('一、看')
      return sheet
    }

    // Slides of three pages: their order and their words are put right, and one more page is added.
    const slides = await add('幻灯片', '翻三页')
    await choosing(author, [1, 2, 3].map((n) => `${PAGES}/${n}.png`), () => slides.getByRole('button', { name: '下一步', exact: true }).tap())
    await screen.getByText('第 3 页', { exact: true }).waitFor()
    await screen.getByRole('button', { name: '第 3 页上移' }).tap()
    await screen.getByRole('textbox', { name: '第 1 页的说明' }).fill('昼夜连着走。')
    await choosing(author, [`${PAGES}/4.png`], () => screen.getByRole('button', { name: '加几页', exact: true }).tap())
    await screen.getByText('第 4 页', { exact: true }).waitFor()
    await author.shoot('slides')
    await screen.getByRole('button', { name: '保存', exact: true }).tap()
    await screen.getByRole('button', { name: '已保存', exact: true }).waitFor()
    const [{ body_md, slides: pages }] = await work()
    assert.equal(pages.length, 4)
    assert.match(body_md, /^!\[第 1 页\]\(images\/[0-9a-f]{64}\)\n\n昼夜连着走。/)

    // A picture in an article.
    const article = await add('文章', '看图')
    await article.getByRole('button', { name: '下一步', exact: true }).tap()
    await screen.getByRole('textbox', { name: '正文' }).waitFor()
    await choosing(author, [`${PAGES}/5.png`], () => screen.getByRole('button', { name: '插入图片', exact: true }).tap())
    await page.waitForFunction(() => /upload:/.test(__mp.page().data.words))
    await screen.getByRole('button', { name: '保存', exact: true }).tap()
    await screen.getByRole('button', { name: '已保存', exact: true }).waitFor()
    assert.match((await work()).find((i) => i.kind === 'article').body_html, /<img src="\/api\/v1\/materials/)

    // A film: the network goes away in the middle, and it goes on from there.
    const film = await add('视频', '看一段')
    const offsets = []
    let away = true
    await page.route('**/api/v1/uploads/*', async (route) => {
      const request = route.request()
      if (request.method() !== 'POST') return route.continue()
      offsets.push(Number(request.headers()['upload-offset']))
      return away && offsets.length > 2 ? route.abort('aborted') : route.continue()
    })
    await film.getByRole('button', { name: '下一步', exact: true }).tap()
    await choosing(author, [{ name: 'film.mp4', mimeType: 'video/mp4', buffer: longFilm() }], () => overlay.getByRole('button', { name: '从相册选' }).tap())
    await screen.getByText('网络不通').waitFor({ timeout: 30_000 })
    await author.shoot('broken')
    away = false
    await film.getByRole('button', { name: '下一步', exact: true }).tap()
    await screen.getByRole('button', { name: '换一个文件', exact: true }).waitFor()
    await screen.getByText('视频 · 0:34').waitFor()
    const MIB = 1024 * 1024
    assert.deepEqual(offsets, [0, MIB, 2 * MIB, 2 * MIB, 2 * MIB, 2 * MIB, 3 * MIB], 'nothing that had arrived was sent again')
    await author.shoot('film')
    await screen.getByRole('textbox', { name: '字幕' }).fill('WEBVTT\n\n00:00.000 --> 00:04.000\n打开首页\n')
    await screen.getByRole('button', { name: '保存', exact: true }).tap()
    await screen.getByRole('button', { name: '已保存', exact: true }).waitFor()
    assert.match((await work()).find((i) => i.kind === 'video').captions, /打开首页/)
    // Another file takes its place; what is no film is refused in words.
    await choosing(author, [{ name: 'bent.mp4', mimeType: 'video/mp4', buffer: Buffer.from('<html>not a film</html>'.repeat(100)) }], async () => {
      await screen.getByRole('button', { name: '换一个文件', exact: true }).tap()
      await overlay.getByRole('button', { name: '从聊天里选文件' }).tap()
    })
    await screen.getByText('这个文件不是 MP4 或 MOV 视频').waitFor()
  })
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
    // The article itself, and below it the course where it is handed in.
    await author.page.waitForFunction(() => __mp.page()?.route === 'packages/authoring/item/item')
    await author.screen.getByRole('textbox', { name: '正文' }).waitFor()
    assert.match(await author.screen.getByRole('textbox', { name: '正文' }).inputValue(), /在报表页右上角点导出/)
    await author.shoot('article')
    await author.page.evaluate(() => wx.navigateBack())
    await author.screen.getByText('这次改了').waitFor()
    await author.screen.getByRole('button', { name: '报表怎么导出' }).first().waitFor()
    await author.shoot('draft')
    const course = await author.page.evaluate(() => __mp.page().options.id)
    const { sections } = await hejun.get(`/authoring/courses/${course}`)
    const item = sections.flatMap((s) => s.items).find((i) => i.title.includes('报表怎么导出'))
    assert.ok(item && !/13800001234|陈宇/.test(item.body_md), item?.body_md)
  })
})
