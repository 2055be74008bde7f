// What a learner does: a course from its first text to its certificate, a class from the plan to both signatures, and
// what a manager sees of it. A real video and a real PDF are played and opened.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { API, onPhone, startHost } from './browser.mjs'
import { ARTICLE, fresh, published, QUIZ, recording, RIGHT, slides, uploaded } from './courses.mjs'
import { arrived, visit, withPhones } from './people.mjs'

const T = (name, query = '') => `packages/training/${name}/${name}${query}`
const CATEGORY = 'features'
let host, chenyu, linmin, zhouke, hejun, course
before(async () => {
  host = await startHost()
  ;[chenyu, linmin, zhouke, hejun] = await Promise.all(['chenyu', 'linmin', 'zhouke', 'hejun'].map(person))
  const [video, pdf] = [await uploaded(zhouke, 'report-a-fault/clip.mp4'), await uploaded(zhouke, 'first-login/quick-card.pdf')]
  course = await published(zhouke, hejun, { category: CATEGORY, title: fresh('真学一遍') }, [
    ARTICLE('先读一段', '## 三件事\n\n看到什么、**什么时候**、影响到谁。\n'),
    { kind: 'video', title: '看一段', upload_id: video, captions: 'WEBVTT\n\n00:00.000 --> 00:20.000\n打开首页，按「报告故障」\n', min_coverage: 20 },
    { kind: 'pdf', title: '翻一张卡片', upload_id: pdf, min_dwell_seconds: 5 },
    QUIZ('学会了吗'),
  ])
})
after(() => host.close())

const counted = async () => {
  const { rows } = await linmin.get('/training/coverage')
  return rows.find((r) => r.category === CATEGORY && r.department === chenyu.me.department)
}

/** Answers a paper question by question: with what is right, or with the first option that is not. */
async function answer({ screen, overlay }, right) {
  for (;;) {
    const options = screen.locator('.option')
    await options.first().waitFor()
    const texts = await options.allInnerTexts()
    const good = texts.filter((t) => RIGHT.includes(t.trim()))
    for (const t of right ? good : texts.filter((x) => !RIGHT.includes(x.trim())).slice(0, 1)) await options.filter({ hasText: t.trim() }).first().tap()
    const next = screen.getByRole('button', { name: '下一题', exact: true })
    if (!(await next.count())) break
    await next.tap()
  }
  await screen.getByRole('button', { name: '交卷', exact: true }).tap()
  await overlay.getByRole('button', { name: '交卷', exact: true }).tap()
}

test('an employee finishes a course, fails and passes its quiz, and keeps the certificate', async () => {
  const earlier = await counted()
  await onPhone(host, 'chenyu', { name: 'training' }, async (phone) => {
    const { page, screen, overlay } = phone
    await arrived(phone)
    await visit(phone, 'pages/training/training')
    await screen.getByRole('button', { name: course.title }).tap()
    await screen.getByRole('button', { name: '开始学', exact: true }).tap()

    await screen.getByText('什么时候').waitFor()
    await screen.getByText('已学完').waitFor()
    await phone.shoot('article-done')
    await screen.getByRole('button', { name: '下一项', exact: true }).tap()

    // A finger cannot reach the controls inside a browser's own <video>; the page's door to it can.
    await page.waitForFunction(() => document.querySelector('.mp-page-shell:not([hidden]) video')?.readyState >= 2)
    await page.evaluate(() => wx.createVideoContext('tape').play())
    await screen.locator('.caption').getByText('打开首页，按「报告故障」').waitFor()
    // The whole screen shows what stands inside the player and nothing else: the words go along.
    const over = screen.locator('.over_on')
    assert.equal(await over.count(), 0)
    await page.evaluate(() => wx.createVideoContext('tape').requestFullScreen())
    await over.getByText('打开首页，按「报告故障」').waitFor()
    assert.ok(await page.evaluate(() => document.fullscreenElement?.contains(document.querySelector('.over_on'))))
    await phone.shoot('full-screen')
    await page.evaluate(() => wx.createVideoContext('tape').exitFullScreen())
    await over.waitFor({ state: 'detached' })
    await screen.getByRole('switch', { name: '字幕' }).tap()
    await page.evaluate(() => wx.createVideoContext('tape').requestFullScreen())
    await page.waitForFunction(() => document.fullscreenElement)
    await page.waitForTimeout(300)
    assert.equal(await over.count(), 0, 'switched off they stay away there too')
    await page.evaluate(() => wx.createVideoContext('tape').exitFullScreen())
    await screen.getByRole('switch', { name: '字幕' }).tap()
    await screen.getByRole('radio', { name: '2×' }).tap()
    await screen.getByText('已学完').waitFor({ timeout: 40_000 })
    await page.evaluate(() => wx.createVideoContext('tape').pause())
    await phone.shoot('video-done')
    await screen.getByRole('button', { name: '下一项', exact: true }).tap()

    await screen.getByRole('button', { name: '打开', exact: true }).tap()
    const viewer = overlay.getByRole('dialog', { name: '文档' })
    await viewer.waitFor()
    await page.waitForTimeout(1500)
    await phone.shoot('pdf-open')
    await viewer.getByRole('button', { name: '关闭' }).tap()
    await screen.getByRole('button', { name: '全看完了', exact: true }).tap()
    await screen.getByText('已学完').waitFor({ timeout: 40_000 })
    await screen.getByRole('button', { name: '去做测验', exact: true }).tap()

    await screen.getByRole('button', { name: '开始', exact: true }).tap()
    await answer(phone, false)
    await screen.getByText('这次没过，0 分').waitFor()
    await screen.getByText('协议 4.2：8 小时内响应。').waitFor()
    await phone.shoot('quiz-failed')
    await screen.getByRole('button', { name: '再做一次', exact: true }).tap()
    await screen.getByRole('button', { name: '开始', exact: true }).tap()
    await answer(phone, true)
    await screen.getByText('通过了，100 分').waitFor()
    await screen.getByRole('button', { name: '看证书', exact: true }).tap()

    const [saved] = await Promise.all([page.waitForEvent('download'), screen.getByRole('button', { name: '存到相册', exact: true }).tap()])
    assert.match(saved.suggestedFilename(), /\.png$/)
    await overlay.getByText('已存到相册').waitFor()
    await phone.shoot('certificate')
    const { code } = await page.evaluate(() => __mp.page().options)
    const checked = await fetch(`${API}/api/v1/certificates/${code}`).then((r) => r.json())
    assert.deepEqual([checked.valid, checked.initials, checked.course_title], [true, '陈**', course.title])
    const verified = await fetch(`${API}/api/v1/verify/${code}`).then((r) => r.text())
    assert.ok(verified.includes('陈**') && !verified.includes('陈宇'))
  })
  const { items } = await chenyu.get(`/me/wrong-answers`)
  assert.ok(!items.some((w) => w.course_id === course.id), 'a question that was answered rightly later has left the book')

  const later = await counted()
  assert.deepEqual([later.attempts - earlier.attempts, later.passed - earlier.passed], [2, 1])
  await onPhone(host, 'linmin', { name: 'training-manager' }, async (phone) => {
    await arrived(phone)
    await visit(phone, T('coverage'))
    await phone.screen.getByRole('radio', { name: '测验通过' }).tap()
    await phone.screen.getByText(`（${later.passed} / ${later.attempts} 次）`).first().waitFor()
    await phone.shoot('coverage')
    await phone.screen.getByRole('switch', { name: '看文字' }).tap()
    await phone.screen.getByText(`${chenyu.me.department}，测验通过率`).first().waitFor()
  })
})

test('slides are read page by page: turning them is no reading, and a reader goes on where they were', async () => {
  const other = await published(zhouke, hejun, { category: CATEGORY, title: fresh('翻一翻') }, [await slides(zhouke, '三条时限', 3, { min_dwell_seconds: 9 })])
  const id = other.sections[0].items[0].id
  const mine = async () => (await chenyu.get(`/materials/${id}`)).my
  const route = T('slides', `?id=${id}&course=${other.id}`)
  await onPhone(host, 'chenyu', { name: 'training-slides' }, async (phone) => {
    const { page, screen, overlay } = phone
    await arrived(phone)
    await visit(phone, route)
    await screen.getByText('1 / 3', { exact: true }).waitFor()
    await screen.getByText('也走').waitFor()
    const turn = (name) => screen.getByRole('button', { name, exact: true }).tap()
    await turn('下一页')
    await turn('下一页')
    await screen.getByText('3 / 3', { exact: true }).waitFor()
    await page.waitForTimeout(1500)
    await visit(phone, 'pages/training/training')
    await page.waitForTimeout(500)
    assert.deepEqual([(await mine()).coverage, (await mine()).page], [0, 3])

    // Back again: the third page, the big picture of it, and then each page for as long as it asks for.
    await visit(phone, route)
    await screen.getByText('3 / 3', { exact: true }).waitFor()
    await screen.getByRole('button', { name: '放大：第 3 张' }).tap()
    const preview = overlay.getByRole('dialog', { name: '预览' })
    await preview.waitFor()
    await page.waitForFunction(() => document.querySelector('.mp-preview img')?.naturalWidth === 1080)
    await phone.shoot('zoomed')
    await preview.getByRole('button', { name: '关闭' }).tap()
    await screen.getByText('看过 1 / 3 页').waitFor({ timeout: 20_000 })
    // A finger, this time.
    const box = await screen.locator('.sheet').boundingBox()
    await page.evaluate(({ x, y }) => {
      const { Touch, TouchEvent } = document.defaultView
      const sheet = document.querySelector('.mp-page-shell:not([hidden]) .sheet')
      const at = (clientX) => [new Touch({ identifier: 1, target: sheet, clientX, clientY: y })]
      sheet.dispatchEvent(new TouchEvent('touchstart', { touches: at(x), changedTouches: at(x), bubbles: true }))
      sheet.dispatchEvent(new TouchEvent('touchend', { touches: [], changedTouches: at(x + 200), bubbles: true }))
    }, { x: box.x + 60, y: box.y + 60 })
    await screen.getByText('2 / 3', { exact: true }).waitFor()
    await screen.getByText('看过 2 / 3 页').waitFor({ timeout: 20_000 })
    await phone.shoot('two-of-three')
    await turn('上一页')
    await screen.getByText('已学完').waitFor({ timeout: 20_000 })
    await phone.shoot('done')
  })
  const { coverage, intervals, completed } = await mine()
  assert.deepEqual([coverage, intervals, completed], [100, [[0, 3]], true])
})

test('a recording is heard, with its words beside it', async () => {
  const other = await published(zhouke, hejun, { category: CATEGORY, title: fresh('听一段') }, [await recording(zhouke, '路上听', { min_coverage: 5 })])
  await onPhone(host, 'chenyu', { name: 'training-audio' }, async (phone) => {
    const { screen } = phone
    await arrived(phone)
    await visit(phone, T('player', `?id=${other.sections[0].items[0].id}&course=${other.id}`))
    await screen.getByText('1:25').waitFor()
    await screen.getByRole('button', { name: '播放', exact: true }).tap()
    await screen.locator('.said_now').getByText('先看三件事').waitFor()
    await screen.getByText('已学完').waitFor({ timeout: 40_000 })
    await screen.getByRole('button', { name: '暂停', exact: true }).tap()
    await phone.shoot('done')
    await screen.getByRole('button', { name: '三件事看完再报' }).tap()
    await screen.locator('.said_now').getByText('三件事看完再报').waitFor()
    await screen.getByRole('button', { name: '暂停', exact: true }).tap()
  })
})

test('what is watched without a network waits on the phone and is counted afterwards', async () => {
  const other = await published(zhouke, hejun, { category: CATEGORY, title: fresh('断网也算') }, [{ kind: 'video', title: '看一段', upload_id: await uploaded(zhouke, 'report-a-fault/clip.mp4'), min_coverage: 90 }])
  const id = other.sections[0].items[0].id
  await onPhone(host, 'chenyu', { name: 'training-offline' }, async (phone) => {
    const { page, screen } = phone
    await arrived(phone)
    await visit(phone, T('player', `?id=${id}&course=${other.id}`))
    await page.waitForFunction(() => document.querySelector('.mp-page-shell:not([hidden]) video')?.readyState >= 4)
    await page.evaluate(() => wx.createVideoContext('tape').play())
    await page.waitForTimeout(500)
    await page.evaluate(() => __mp.offline(true))
    await screen.getByText('先记在手机上').waitFor({ timeout: 30_000 })
    await page.evaluate(() => wx.createVideoContext('tape').pause())
    await page.waitForTimeout(300)
    await phone.shoot('waiting')
    const seen = await page.evaluate(() => document.querySelector('.mp-page-shell:not([hidden]) video').currentTime)
    assert.equal((await chenyu.get(`/materials/${id}`)).my.coverage, 0)
    await page.evaluate(() => __mp.offline(false))
    await screen.getByText('先记在手机上').waitFor({ state: 'detached' })
    const { my, duration_ms } = await chenyu.get(`/materials/${id}`)
    const part = (seen * 100_000) / duration_ms
    assert.ok(my.coverage >= part - 5 && my.coverage <= part + 3, `${my.coverage}% of ${part}%`)
    // A jump to the end is no watching.
    await page.evaluate(() => wx.createVideoContext('tape').seek(30))
    await page.evaluate(() => wx.createVideoContext('tape').play())
    await page.waitForTimeout(1500)
    await page.evaluate(() => wx.createVideoContext('tape').pause())
    await page.waitForTimeout(1000)
    assert.ok((await chenyu.get(`/materials/${id}`)).my.coverage < my.coverage + 15)
    await phone.shoot('jumped')
  })
})

test('of two phones only the one that was opened last counts, and the other says so', async () => {
  const other = await published(zhouke, hejun, { category: CATEGORY, title: fresh('两处') }, [{ kind: 'video', title: '看一段', upload_id: await uploaded(zhouke, 'report-a-fault/clip.mp4') }])
  const route = T('player', `?id=${other.sections[0].items[0].id}&course=${other.id}`)
  const plays = ({ page }) => page.waitForFunction(() => document.querySelector('.mp-page-shell:not([hidden]) video')?.readyState >= 2)
  await onPhone(host, 'chenyu', { name: 'training-first' }, async (first) => {
    await arrived(first)
    await visit(first, route)
    await plays(first)
    await onPhone(host, 'chenyu', { name: 'training-second' }, async (second) => {
      await arrived(second)
      await visit(second, route)
      await plays(second)
      await first.page.evaluate(() => wx.createVideoContext('tape').play())
      await first.page.waitForTimeout(1500)
      await first.page.evaluate(() => wx.createVideoContext('tape').pause())
      await first.screen.getByText('两处同时放只算一处').waitFor()
      await first.shoot('elsewhere')
      await first.screen.getByRole('button', { name: '在这里接着看' }).tap()
      await first.screen.getByText('两处同时放只算一处').waitFor({ state: 'detached' })
    })
  })
})

test('a class is agreed, attended with codes from the screen, and signed by both', async () => {
  const title = fresh('订单模块上手')
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()
  const { id } = await hejun.post('/training-sessions', { category: CATEGORY, title, mode: 'on_site', place: '三楼会议室', agenda: '一、下单\n二、改单', starts_at: at(5), ends_at: at(65), trainer_id: hejun.me.id, departments: ['*'] })
  await withPhones(host, ['linmin', 'chenyu', 'hejun'], 'class', async ({ linmin: manager, chenyu: employee, hejun: trainer }) => {
    const shown = T('class', `?id=${id}`)
    await visit(manager, shown)
    await manager.screen.getByRole('button', { name: '同意', exact: true }).tap()
    await manager.screen.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).tap()
    await manager.overlay.getByRole('button', { name: '确认', exact: true }).tap()
    await manager.screen.getByText('已约定').waitFor()

    await visit(employee, T('classes'))
    await employee.screen.getByRole('button', { name: title }).tap()
    await employee.screen.getByRole('button', { name: '我要参加', exact: true }).tap()
    await employee.screen.getByRole('button', { name: '不去了', exact: true }).waitFor()

    await visit(trainer, shown)
    await trainer.screen.getByRole('button', { name: '开始上课', exact: true }).tap()
    const code = trainer.screen.locator('.showing__code')
    await code.getByText(/\d{3} \d{3}/).waitFor()
    await trainer.shoot('code')
    const digits = async () => (await code.innerText()).replace(/\D/g, '')

    await visit(employee, shown)
    const field = employee.screen.getByRole('textbox', { name: '六位签到码' })
    const wrong = (await digits()) === '000000' ? '000001' : '000000'
    await field.fill(wrong)
    await employee.screen.getByText('看讲师屏幕上现在的').waitFor()
    await employee.shoot('wrong-code')
    await field.fill(await digits())
    await employee.screen.getByText('签到好了').waitFor({ state: 'attached' }).catch(() => undefined)
    await employee.screen.getByText(/你 \d\d:\d\d 签到/).waitFor()

    // Signing out by a scan: the other code, read from the other screen.
    await trainer.screen.getByRole('radio', { name: '签退' }).tap()
    await trainer.screen.getByRole('radio', { name: '签退', checked: true }).waitFor()
    await trainer.page.waitForTimeout(500)
    const scanned = `lvyue:class:${id}:${await digits()}`
    await employee.page.evaluate((result) => __mp.stub('scanCode', () => ({ result })), scanned)
    await employee.screen.getByRole('button', { name: '扫码签退' }).tap()
    await employee.screen.getByText(/签退/).first().waitFor()
    await employee.shoot('signed-out')

    await visit(trainer, shown)
    await trainer.screen.getByText(/^陈/).first().waitFor()
    await trainer.screen.getByRole('button', { name: '下课', exact: true }).tap()
    const sheet = trainer.screen.getByRole('dialog')
    await sheet.locator('textarea:visible').first().fill('讲完下单和改单，答了 6 个问题。')
    await sheet.getByRole('button', { name: '下课', exact: true }).tap()
    await trainer.screen.getByText('待签署').waitFor()
    for (const [phone, signed] of [[trainer, /^乙方：何/], [manager, '双方已签']]) {
      await visit(phone, shown)
      await phone.screen.getByRole('button', { name: '签署签到表', exact: true }).tap()
      const signing = phone.screen.getByRole('dialog')
      await signing.getByText(/到课 1 人：陈/).waitFor()
      await signing.getByRole('button', { name: '签署', exact: true }).tap()
      await phone.overlay.getByRole('button', { name: '确认', exact: true }).tap()
      await phone.screen.getByText(signed).first().waitFor()
    }
    await manager.shoot('signed')
  })
})

test('while a fault is written, an article may spare it: the draft is gone and it is counted', async () => {
  const word = fresh('打印机卡纸').replace(' ', '')
  const helped = await published(zhouke, hejun, { category: 'troubleshooting', title: fresh('打印') }, [ARTICLE(`${word}先看这里`, '打开后盖，把纸往前抽，再合上。\n')])
  const { solved } = await linmin.get('/suggestions/summary')
  await onPhone(host, 'chenyu', { name: 'training-suggestion' }, async (phone) => {
    const { page, screen, overlay } = phone
    await arrived(phone)
    await visit(phone, 'packages/ticket/report/report?kind=fault')
    await screen.getByPlaceholder('例如：报表打不开').fill(word)
    await screen.getByRole('region', { name: '可能有用的内容' }).getByRole('button', { name: helped.sections[0].items[0].title }).tap()
    await screen.getByText('打开后盖').waitFor()
    await phone.shoot('asked')
    await screen.getByRole('button', { name: '没有，接着写' }).tap()
    await screen.getByPlaceholder('例如：报表打不开').waitFor()
    await screen.getByRole('region', { name: '可能有用的内容' }).getByRole('button').first().tap()
    await screen.getByRole('button', { name: '已解决', exact: true }).tap()
    await overlay.getByRole('button', { name: '好', exact: true }).tap()
    await page.waitForFunction(() => __mp.page()?.route === 'pages/home/home')
    assert.equal(await page.evaluate(() => wx.getStorageSync('draft:fault')), '')
  })
  assert.equal((await linmin.get('/suggestions/summary')).solved, solved + 1)
})

test('what is looked for is found and marked', () =>
  onPhone(host, 'chenyu', { name: 'training-search' }, async (phone) => {
    const { screen } = phone
    await arrived(phone)
    await visit(phone, 'pages/training/training')
    await screen.getByRole('button', { name: '搜课程、文章和工单' }).tap()
    await screen.getByRole('textbox', { name: '搜课程、文章和工单' }).fill('影响到谁')
    await screen.locator('.hit').first().waitFor()
    assert.ok((await screen.locator('.hit').allInnerTexts()).join('').includes('影响到谁'))
    await phone.shoot('found')
  }))
