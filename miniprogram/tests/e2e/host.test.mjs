// The stand-in for WeChat itself: what an app asks of the phone, and the demo page around it.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { person } from './backend.mjs'
import { onDesk, onPhone, SHOTS, startHost } from './browser.mjs'

let host
before(async () => {
  host = await startHost()
  for (const user of ['chenyu', 'zhouke']) await person(user)
})
after(() => host.close())

test('a login code names the person and is never the same twice', () =>
  onPhone(host, 'chenyu', {}, async ({ page, screen }) => {
    await screen.getByText('报告故障').waitFor()
    const codes = await page.evaluate(async () => [(await wx.login()).code, (await wx.login()).code])
    for (const code of codes) assert.match(code, /^web-chenyu-[a-z0-9]+$/)
    assert.notEqual(codes[0], codes[1])
  }))

test('what the phone reports follows theme, text size and network', () =>
  onPhone(host, 'chenyu', { font: 1.4, theme: 'dark', expected: [] }, async ({ page, screen }) => {
    await screen.getByText('报告故障').waitFor()
    const told = await page.evaluate(async () => {
      const heard = []
      wx.onThemeChange(({ theme }) => heard.push(theme))
      wx.onNetworkStatusChange(({ isConnected }) => heard.push(isConnected))
      const before = wx.getAppBaseInfo()
      __mp.theme('light')
      __mp.offline(true)
      const refused = await new Promise((done) => wx.request({ url: '/api/v1/me', fail: done }))
      const { networkType } = await wx.getNetworkType()
      __mp.offline(false)
      return { before, heard, refused: refused.errMsg, networkType, now: wx.getAppBaseInfo().theme }
    })
    assert.equal(told.before.theme, 'dark')
    assert.ok(Math.abs(told.before.fontSizeSetting - 22.4) < 0.01)
    assert.deepEqual(told.heard, ['light', false, true])
    assert.match(told.refused, /^request:fail/)
    assert.equal(told.networkType, 'none')
    assert.equal(told.now, 'light')
  }))

test('transfers can be aborted and time out, and a missing API is named', () =>
  onPhone(host, 'chenyu', { expected: ['failed: /api/v1/me', 'failed: /api/v1/livez'] }, async ({ page, screen }) => {
    await screen.getByText('报告故障').waitFor()
    await page.route('**/api/v1/livez', () => undefined)
    const told = await page.evaluate(async () => {
      const failed = (options, then) => new Promise((fail) => then?.(wx.request({ ...options, fail })))
      const aborted = await failed({ url: '/api/v1/livez' }, (task) => task.abort())
      const late = await failed({ url: '/api/v1/livez', timeout: 100 }, () => undefined)
      let missing = ''
      try {
        wx.startBeaconDiscovery({})
      } catch (e) {
        missing = e.message
      }
      return { aborted: aborted.errMsg, late: late.errMsg, missing }
    })
    assert.deepEqual(told, { aborted: 'request:fail abort', late: 'request:fail timeout', missing: 'wx.startBeaconDiscovery is not implemented by the web host' })
  }))

test('a file is read whole or a piece of it', () =>
  onPhone(host, 'chenyu', {}, async ({ page, screen }) => {
    await screen.getByText('报告故障').waitFor()
    const [whole, parts] = await page.evaluate(async () => {
      const { tempFilePath: filePath } = await new Promise((success, fail) => wx.downloadFile({ url: `${location.origin}/app.html`, success, fail }))
      const read = (o) => new Promise((success, fail) => wx.getFileSystemManager().readFile({ filePath, encoding: 'utf8', ...o, success, fail }))
      const { size } = await new Promise((success, fail) => wx.getFileSystemManager().getFileInfo({ filePath, success, fail }))
      const pieces = await Promise.all([{ position: 0, length: 100 }, { position: 100, length: size - 100 }, { position: size - 5 }].map(read))
      return [(await read({})).data, pieces.map((p) => p.data)]
    })
    assert.equal(parts[0].length, 100)
    assert.equal(parts[0] + parts[1], whole)
    assert.equal(parts[2], whole.slice(-5))
  }))

test('with the privacy gate up, a refusal reaches the app and consent lets it through', () =>
  onPhone(host, 'chenyu', { extra: { privacy: 'ask' } }, async ({ page, screen, overlay }) => {
    await screen.getByText('报告故障').waitFor()
    assert.equal(await page.evaluate(async () => (await wx.getPrivacySetting()).needAuthorization), true)
    const first = page.evaluate(() => wx.requirePrivacyAuthorize().then(() => 'ok', (e) => e.errno))
    await overlay.getByRole('button', { name: '拒绝' }).tap()
    assert.equal(await first, 104)
    const second = page.evaluate(() => wx.requirePrivacyAuthorize().then((r) => r.errMsg))
    await overlay.getByRole('button', { name: '同意', exact: true }).tap()
    assert.equal(await second, 'requirePrivacyAuthorize:ok')
    assert.equal(await page.evaluate(async () => (await wx.getPrivacySetting()).needAuthorization), false)
  }))

test('a voice plays, tells its time, is sought and ends; a scan is what somebody types', () =>
  onPhone(host, 'chenyu', {}, async ({ page, screen, overlay }) => {
    await screen.getByText('报告故障').waitFor()
    const heard = await page.evaluate(async () => {
      // Two seconds of silence: a WAV file made here.
      const samples = 16_000
      const bytes = new DataView(new ArrayBuffer(44 + samples))
      const text = (at, s) => [...s].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)))
      text(0, 'RIFF'), text(8, 'WAVEfmt '), text(36, 'data')
      for (const [at, n, size] of [[4, 36 + samples, 4], [16, 16, 4], [20, 1, 2], [22, 1, 2], [24, 8000, 4], [28, 8000, 4], [32, 1, 2], [34, 8, 2], [40, samples, 4]]) size === 4 ? bytes.setUint32(at, n, true) : bytes.setUint16(at, n, true)
      for (let i = 0; i < samples; i++) bytes.setUint8(44 + i, 128)
      const audio = wx.createInnerAudioContext()
      const told = []
      for (const name of ['Play', 'Pause', 'Ended', 'TimeUpdate']) audio[`on${name}`](() => told.includes(name) || told.push(name))
      audio.src = `data:audio/wav;base64,${wx.arrayBufferToBase64(bytes.buffer)}`
      audio.startTime = 1
      const ended = new Promise((done) => audio.onEnded(done))
      audio.playbackRate = 2
      audio.play()
      await ended
      const { duration, currentTime } = audio
      audio.destroy()
      return { told: told.sort(), duration, currentTime }
    })
    assert.deepEqual(heard, { told: ['Ended', 'Pause', 'Play', 'TimeUpdate'], duration: 2, currentTime: 2 })
    const scanned = page.evaluate(() => wx.scanCode().then((r) => r.result))
    await overlay.getByRole('textbox').fill('lvyue:class:x:042917')
    await overlay.getByRole('button', { name: '扫到了' }).tap()
    assert.equal(await scanned, 'lvyue:class:x:042917')
  }))

test('leaving a page that asked to be asked needs a yes', () =>
  onPhone(host, 'chenyu', {}, async ({ page, screen, overlay }) => {
    await screen.getByRole('button', { name: '报告故障' }).tap()
    await screen.getByPlaceholder('例如：报表打不开').waitFor()
    await page.evaluate(() => wx.enableAlertBeforeUnload({ message: '还没提交，要离开吗？' }))
    await screen.getByRole('button', { name: '返回' }).tap()
    await overlay.getByRole('button', { name: '取消' }).tap()
    assert.equal(await page.evaluate(() => __mp.page().route), 'packages/ticket/report/report')
    await screen.getByRole('button', { name: '返回' }).tap()
    await overlay.getByRole('button', { name: '确定' }).tap()
    await screen.getByText('报告故障').first().waitFor()
    assert.equal(await page.evaluate(() => __mp.page().route), 'pages/home/home')
  }))

test('the demo page shows both sides at once and passes theme and text size on', () =>
  onDesk(host, '?phones=2', async (page) => {
    const shoot = (name) => page.screenshot({ path: path.join(SHOTS, `demo-${name}.png`) })
    const employee = page.frameLocator('iframe[title="陈宇的手机"]')
    const vendor = page.frameLocator('iframe[title="周可的手机"]')
    await employee.getByText('报告故障').first().waitFor()
    await vendor.getByText('进行中').first().waitFor()
    await page.waitForTimeout(800)
    await shoot('two')
    await page.getByRole('radio', { name: '深色' }).check()
    await page.waitForTimeout(300)
    assert.equal(await employee.locator(':root').evaluate(() => wx.getAppBaseInfo().theme), 'dark')
    await page.getByRole('radio', { name: '一台' }).check()
    await page.getByRole('radio', { name: /周可/ }).check()
    await page.getByRole('radio', { name: '特大' }).check()
    await vendor.getByText('进行中').first().waitFor()
    await page.waitForTimeout(800)
    assert.ok((await vendor.locator(':root').evaluate(() => wx.getAppBaseInfo().fontSizeSetting)) > 22)
    await shoot('one-dark-large')
    // A mouse does what a finger does.
    await vendor.getByText('工单', { exact: true }).last().click()
    await vendor.getByPlaceholder('按编号找').waitFor()
    assert.equal(new URL(page.url()).search, '?user=zhouke&theme=dark&font=1.4')
  }))
