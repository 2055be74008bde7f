// TDesign draws icons with a font from a CDN. Here the same shapes come from its SVG package, so that no network
// is needed; only icons whose names occur somewhere in the project's sources are inlined.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const SOURCES = /\.(ts|js|wxml|wxs|json)$/

/** Returns a function from an icon's name to its URL-encoded SVG, or null for a name nobody uses. */
export function iconReader(project) {
  let dir
  try {
    dir = path.join(path.dirname(require.resolve('tdesign-icons-svg/package.json')), 'src')
  } catch {
    return () => null
  }
  const words = new Set()
  const read = (folder, recursive) => {
    for (const file of fs.readdirSync(folder, { recursive }).filter((f) => SOURCES.test(f) && !(recursive && f.includes('miniprogram_npm')))) {
      for (const word of fs.readFileSync(path.join(folder, file), 'utf8').match(/[a-z][a-z0-9-]+/g) ?? []) words.add(word)
    }
  }
  read(project.root, true)
  for (const c of project.components.values()) {
    if (c.id.includes('miniprogram_npm') && !c.id.endsWith('/icon/icon')) read(path.dirname(c.script), false)
  }
  return (name) => {
    const file = path.join(dir, name + '.svg')
    if (!words.has(name) || !fs.existsSync(file)) return null
    return encodeURIComponent(
      fs.readFileSync(file, 'utf8').replace('view-box', 'viewBox').replace(/width="1em" height="1em"/, 'width="24" height="24"').replaceAll('currentColor', 'black'),
    ).replaceAll("'", '%27')
  }
}
