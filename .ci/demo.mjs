// `make demo`: the seeded desk with the fake WeChat, and the page that shows the phone. Ctrl-C stops both.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { isFree, startDesk } from './desk.mjs'

const data = process.argv[2] ?? 'var/demo'
const apiPort = Number(process.env.DEMO_API_PORT ?? 8080)
const pagePort = Number(process.env.DEMO_PORT ?? 8088)

for (const [port, name] of [[apiPort, 'DEMO_API_PORT'], [pagePort, 'DEMO_PORT']]) {
  if (!(await isFree(port))) {
    console.error(`端口 ${port} 已被占用。请停掉占用它的程序，或换一个：${name}=${port + 1000} make demo`)
    process.exit(1)
  }
}

let page
let stopping = false
let desk
const stop = async (code) => {
  if (stopping) return
  stopping = true
  page?.kill('SIGTERM')
  const left = desk ? await desk.stop() : 0
  process.exit(code || left)
}
process.on('SIGINT', () => stop(0))
process.on('SIGTERM', () => stop(0))

try {
  desk = await startDesk({ data, port: apiPort })
} catch (e) {
  if (!stopping) console.error(e.message)
  process.exit(1)
}
page = spawn(process.execPath, ['miniprogram/webhost/serve.mjs', '--api', desk.address, '--port', String(pagePort), '--people', path.join(data, 'people.json')], {
  stdio: ['ignore', 'ignore', 'inherit'],
})
page.on('exit', (code) => stop(code ?? 0))
desk.ended.then((code) => stop(code))
console.log(`
  履约台演示已就绪：http://127.0.0.1:${pagePort}/

  打开后选一个人（员工、甲方经理、乙方客服、乙方负责人），在手机里报一个故障，再换乙方来答。
  数据保存在 ${data}，下次启动还在；make demo-reset 清空。按 Ctrl-C 停止。
`)
