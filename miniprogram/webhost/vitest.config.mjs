// Unit tests live outside this folder, next to the code they test; the tools they import live here.
import path from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = path.dirname(fileURLToPath(import.meta.url))
const vitest = path.dirname(createRequire(import.meta.url).resolve('vitest/package.json'))

export default defineConfig({
  root: path.resolve(here, '..'),
  cacheDir: path.join(here, 'node_modules/.vite'),
  resolve: { alias: [{ find: /^vitest$/, replacement: path.join(vitest, 'dist/index.js') }] },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
})
