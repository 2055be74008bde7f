// Starts the seeded desk (`lvyue demo`) as a child process and waits until it is ready.
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'

const metadata = () => JSON.parse(execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps', '--locked']))

export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

export const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.on('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** @returns {Promise<{address: string, ended: Promise<number>, stop: () => Promise<number>}>} */
export async function startDesk({ data, port, quiet = false }) {
  const program = path.join(metadata().target_directory, 'debug', 'lvyue')
  const address = `http://127.0.0.1:${port}`
  const desk = spawn(program, ['demo', '--data', data, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
  })
  const ended = new Promise((resolve) => desk.on('exit', (code, signal) => resolve(signal ? 0 : code)))
  let over = false
  ended.then(() => (over = true))
  for (const deadline = Date.now() + 120_000; ; ) {
    if (over) throw new Error('服务没有启动，原因见上')
    if (Date.now() > deadline) throw new Error('服务两分钟内没有就绪')
    const ready = await fetch(`${address}/readyz`).then((r) => r.ok, () => false)
    if (ready) break
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  const stop = () => {
    desk.kill('SIGTERM')
    return ended
  }
  return { address, ended, stop }
}
