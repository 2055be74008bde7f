// The API as a test sees it beside the screen: to check what the server holds, and to prepare a person.
// Sign-in goes through the same fake WeChat codes as the phone's.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { API } from './browser.mjs'

/** A kept connection may be closed by the server just as it is used again: then, and only then, once more. */
const send = (url, options) => fetch(url, options).catch(() => fetch(url, options))

/** Signs a demo person in, with consent given, and returns `get`, `post`, `send`, `act` and `actOn` in their name. */
export async function person(user) {
  const call = async (method, path, body, token, version) => {
    const key = method === 'POST' ? { 'idempotency-key': randomUUID() } : {}
    const answer = await send(`${API}/api/v1${path}`, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}), ...(version ? { 'if-match': `"${version}"` } : {}), ...key },
      body: body && JSON.stringify(body),
    })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`)
    return answer.status === 204 ? null : answer.json()
  }
  const { access_token, me } = await call('POST', '/sessions', { code: `web-${user}-${randomUUID()}`, device: 'e2e' })
  const notice = await call('GET', '/privacy/notice')
  const given = me.consents.some((c) => c.purpose === 'service' && c.notice_version === notice.version)
  if (!given) await call('POST', '/privacy/consents', { purpose: 'service', notice_version: notice.version }, access_token)
  return {
    me,
    token: access_token,
    /** Anything else, with the version that it was decided on. */
    send: (method, path, body, version) => call(method, path, body, access_token, version),
    get: (path) => call('GET', path, undefined, access_token),
    post: (path, body) => call('POST', path, body, access_token),
    /** An action on a ticket as it is now. */
    act(id, action, fields = {}) {
      return this.actOn(`/tickets/${id}`, action, fields)
    },
    /** The same on anything that has a version and actions. */
    async actOn(path, action, fields = {}) {
      const { version } = await call('GET', path, undefined, access_token)
      return call('POST', `${path}/actions`, { action, ...fields }, access_token, version)
    },
  }
}

/** Everything of one ticket, found by its title: titles in these tests are unique. */
export async function ticketsTitled(who, scope, title) {
  const { items } = await who.get(`/tickets?scope=${scope}&limit=100`)
  return items.filter((t) => t.title === title)
}
