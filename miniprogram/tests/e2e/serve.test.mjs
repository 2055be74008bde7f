// The server of the pages: what it hands on, and what it says when there is nobody to hand it to.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import http from 'node:http'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { serve } from '../../webhost/serve.mjs'

const script = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../webhost/serve.mjs')
const listen = (handler) => new Promise((ok) => {
  const server = http.createServer(handler)
  server.listen(0, '127.0.0.1', () => ok({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }))
})

test('bodies pass in both directions while they are still being written', async () => {
  const echo = await listen((req, res) => {
    res.writeHead(206, { 'content-range': req.headers.range ?? '', 'content-type': 'application/octet-stream' })
    req.pipe(res)
  })
  const host = await serve({ port: 0, api: echo.url })
  const heard = await new Promise((done, fail) => {
    const req = http.request(`${host.url}/api/echo`, { method: 'POST', headers: { range: 'bytes=0-3' } }, (res) => {
      const parts = []
      res.on('data', (part) => {
        parts.push(String(part))
        // The second half is sent only after the first has come back.
        if (parts.length === 1) req.end('second')
      })
      res.on('end', () => done({ status: res.statusCode, range: res.headers['content-range'], parts }))
    })
    req.on('error', fail)
    req.write('first')
  })
  assert.deepEqual(heard, { status: 206, range: 'bytes=0-3', parts: ['first', 'second'] })
  await host.close()
  echo.close()
})

test('without a backend the answer is a problem the app can show', async () => {
  const gone = await listen(() => undefined)
  gone.close()
  const host = await serve({ port: 0, api: gone.url })
  const answer = await fetch(`${host.url}/api/v1/me`)
  assert.equal(answer.status, 502)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal((await answer.json()).code, 'BACKEND_UNREACHABLE')
  assert.equal((await fetch(`${host.url}/%2e%2e/package.json`)).status, 404)
  assert.equal((await fetch(`${host.url}/..%2f..%2fpackage.json`)).status, 404)
  await host.close()
})

test('it says where it listens, and ends when told to', async () => {
  const child = spawn(process.execPath, [script, '--port', '0'])
  const line = await new Promise((ok) => child.stdout.once('data', (d) => ok(String(d))))
  assert.match(line, /http:\/\/127\.0\.0\.1:\d+\//)
  child.kill('SIGTERM')
  const [code] = await new Promise((ok) => child.once('exit', (...end) => ok(end)))
  assert.equal(code, 0)
})
