// The browser run: a seeded desk on a free port, then the tests of miniprogram/tests/e2e against it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startDesk } from './desk.mjs'

const data = mkdtempSync(path.join(tmpdir(), 'lvyue-phone-'))
const desk = await startDesk({ data, port: await freePort(), quiet: true })
const tests = spawn('npm', ['--prefix', 'miniprogram/webhost', 'run', '--silent', 'test:e2e'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, LVYUE_API: desk.address },
})
const code = await new Promise((resolve) => tests.on('exit', (c) => resolve(c ?? 1)))
const left = await desk.stop()
rmSync(data, { recursive: true, force: true })
process.exit(code || left)
