// The corpus that the sanitiser is tested with, in a real browser: as an article on a phone, and as plain HTML, which
// trusts more than rich-text does. Nothing may run, ask, or leave for anywhere else.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { person } from './backend.mjs'
import { onPhone, startHost } from './browser.mjs'
import { ARTICLE, fresh, published } from './courses.mjs'
import { arrived, visit } from './people.mjs'

const CORPUS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../src/courses/model/hostile.txt')
let host, article, html
before(async () => {
  host = await startHost()
  const [zhouke, hejun, chenyu] = await Promise.all(['zhouke', 'hejun', 'chenyu'].map(person))
  const lines = fs.readFileSync(CORPUS, 'utf8').split('\n').filter(Boolean)
  const shown = []
  // A picture from elsewhere is refused when it is written; the rest is taken, and shown as what it is: text.
  for (const line of lines) if (await zhouke.post('/courses/preview', { body_md: line }).then(() => true, () => false)) shown.push(line)
  assert.ok(shown.length > lines.length / 2, `${shown.length} of ${lines.length}`)
  const course = await published(zhouke, hejun, { category: 'security_privacy', title: fresh('恶意内容') }, [ARTICLE('恶意内容', shown.join('\n\n'))])
  article = course.sections[0].items[0].id
  html = (await chenyu.get(`/materials/${article}`)).html
  assert.ok(html.includes('alert'), 'what was written is still there, as text')
})
after(() => host.close())

test('nothing of the hostile corpus runs, asks or leaves in a browser', () =>
  onPhone(host, 'chenyu', { name: 'hostile' }, async (phone) => {
    const { page, screen } = phone
    const heard = []
    page.on('dialog', (d) => (heard.push(`dialog ${d.message()}`), d.dismiss()))
    page.on('request', (r) => new URL(r.url()).origin !== host.url && heard.push(`request ${r.url()}`))
    page.on('popup', () => heard.push('popup'))
    await arrived(phone)
    await visit(phone, `packages/training/reader/reader?id=${article}`)
    await screen.locator('wx-rich-text').waitFor()
    await page.evaluate((text) => {
      const box = document.body.appendChild(document.createElement('div'))
      box.id = 'plain'
      box.innerHTML = text
    }, html)
    await page.waitForTimeout(1500)
    const made = await page.evaluate(() =>
      [...document.querySelectorAll('wx-rich-text *, #plain *')].flatMap((e) => [
        ...(/^(script|iframe|object|embed|svg|math|form|input|link|meta|style|base|video|audio|a)$/i.test(e.localName) ? [`<${e.localName}>`] : []),
        ...[...e.attributes].filter((a) => /^on|javascript:|^href$|^srcdoc$/i.test(`${a.name}`) || /javascript:/i.test(a.value)).map((a) => `${e.localName} ${a.name}=${a.value}`),
      ]),
    )
    assert.deepEqual([heard, made], [[], []])
    assert.equal(await page.evaluate(() => __mp.page().route), 'packages/training/reader/reader')
  }))
