// Several people with a phone each, working on one ticket: who opens it, what they tap, what it says afterwards.
import assert from 'node:assert/strict'
import { person } from './backend.mjs'
import { openPhone } from './browser.mjs'

/** Consent is given once for all; after that a phone needs nobody to sign in beside it. */
const ready = new Set()
async function prepare(user) {
  if (!ready.has(user)) await person(user)
  ready.add(user)
}

/** Gives each of `users` a phone for `story`; nothing may be logged on any of them. Keeps a picture of each on failure. */
export async function withPhones(host, users, name, story) {
  // One after the other: two browsers starting at once on a small machine are slower than two in turn.
  const phones = {}
  try {
    for (const user of users) {
      await prepare(user)
      phones[user] = await openPhone(host, user, { name: `${name}-${user}` })
      await arrived(phones[user])
    }
    await story(phones)
    for (const phone of Object.values(phones)) await phone.clean()
  } catch (e) {
    for (const phone of Object.values(phones)) await phone.shoot(`failed-${process.pid}`).catch(() => undefined)
    throw e
  } finally {
    for (const phone of Object.values(phones)) await phone.close()
  }
}

/** The start page moves on by itself: whoever is sent elsewhere before that is fetched back. */
export const arrived = ({ page }) => page.waitForFunction(() => /pages\/(home|desk)/.test(__mp.page()?.route))

/** Goes to a page as a link in a message would lead there. */
export async function visit({ page }, route) {
  await page.evaluate((r) => wx.reLaunch({ url: `/${r}` }), route)
  await page.waitForFunction((r) => __mp.page()?.route === r, route.split('?')[0])
}

export async function openTicket(phone, id) {
  await visit(phone, `packages/ticket/detail/detail?id=${id}`)
  await phone.screen.getByText('对话', { exact: true }).waitFor()
}

/** Reports something of a kind from the home page's tile: fills the fields, sends, and returns the ticket's id. */
export async function report(phone, tile, fill, { send = '提交', done = '提交好了' } = {}) {
  const { page, screen } = phone
  await visit(phone, 'pages/home/home')
  await screen.getByRole('button', { name: tile, exact: true }).tap()
  await screen.getByRole('button', { name: send, exact: true }).waitFor()
  await fill(screen)
  await screen.getByRole('button', { name: send, exact: true }).tap()
  await screen.getByText(done).waitFor()
  return page.evaluate(() => __mp.page().options.id)
}

/** Picks what the wheel offers first. */
export async function pickFirst({ page, screen }, field, label) {
  await field.getByRole('button', { name: label }).tap()
  await page.waitForTimeout(500)
  await screen.locator('.t-picker__confirm').tap()
  await screen.locator('.t-picker__confirm').waitFor({ state: 'detached' })
}

/** Taps one of the two prominent buttons, or finds the action behind 更多, page by page. */
async function tapAction({ page, screen, overlay }, button) {
  const shown = screen.locator('.bar').getByRole('button', { name: button, exact: true })
  if (await shown.count()) return shown.tap()
  await screen.getByRole('button', { name: '更多操作' }).tap()
  for (let turn = 0; turn < 5; turn++) {
    const line = overlay.getByRole('button', { name: button, exact: true })
    await overlay.getByRole('button').first().waitFor()
    if (await line.count()) return line.tap()
    await overlay.getByRole('button', { name: '更多…' }).tap()
    await page.waitForTimeout(150)
  }
  assert.fail(`no action called ${button}`)
}

/**
 * One action on an open ticket: its sheet is filled and sent, and the ticket then says `state` at its head.
 * `texts` fills the text fields of the sheet from the top; `choose` taps choices by their title;
 * `sent` looks at the sheet instead, where it is to stay open.
 */
export async function step(phone, { id, button, texts = [], choose = [], fill, look, send, sent, state }) {
  const { screen } = phone
  if (id) await openTicket(phone, id)
  await tapAction(phone, button)
  const sheet = screen.getByRole('dialog')
  await sheet.waitFor()
  for (const title of choose) await sheet.getByRole('radio', { name: title }).first().tap()
  const boxes = sheet.locator('textarea:visible, input:visible')
  for (const [i, text] of texts.entries()) await boxes.nth(i).fill(text)
  await fill?.(sheet)
  if (look) await phone.shoot(look)
  await sheet.getByRole('button', { name: send, exact: true }).tap()
  if (sent) return sent(sheet)
  await sheet.waitFor({ state: 'hidden' })
  await screen.locator('.head__top').getByText(state, { exact: true }).waitFor()
}
