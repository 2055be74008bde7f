// Builds the pages and runs the end-to-end tests against the backend that LVYUE_API names (started by the caller).
//
//   LVYUE_API=http://127.0.0.1:8080 node tests/e2e/run.mjs [file ...]
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../../webhost/build.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const api = process.env.LVYUE_API ?? 'http://127.0.0.1:8080'
const TRIES = 30

async function answers() {
  for (let i = 0; i < TRIES; i++) {
    if (await fetch(`${api}/api/v1/privacy/notice`).then((r) => r.ok, () => false)) return true
    await new Promise((done) => setTimeout(done, 1000))
  }
  return false
}

if (!(await answers())) {
  console.error(`no backend answers at ${api}: start the demo first, or name it with LVYUE_API`)
  process.exit(1)
}
await build()
fs.rmSync(path.resolve(here, '../../../shots'), { recursive: true, force: true })
const files = process.argv.length > 2 ? process.argv.slice(2) : fs.readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort().map((f) => path.join(here, f))
// One file at a time: each holds up to two browsers, and they share the people of one demo.
const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], { stdio: 'inherit', env: { ...process.env, LVYUE_API: api } })
tests.on('exit', (code, signal) => process.exit(signal ? 1 : code))
