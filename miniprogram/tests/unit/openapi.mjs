// What the server says of itself: `lvyue openapi`, as `cargo build` left it, or a file that LVYUE_OPENAPI names.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')

export function openapi() {
  const file = process.env.LVYUE_OPENAPI
  if (file) return JSON.parse(fs.readFileSync(file, 'utf8'))
  const metadata = JSON.parse(execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps', '--locked', '--offline'], { cwd: repository, encoding: 'utf8' }))
  const program = path.join(metadata.target_directory, 'debug', 'lvyue')
  if (!fs.existsSync(program)) throw new Error(`${program} is missing: run \`cargo build\` first, or name a document with LVYUE_OPENAPI`)
  return JSON.parse(execFileSync(program, ['openapi'], { encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 }))
}
