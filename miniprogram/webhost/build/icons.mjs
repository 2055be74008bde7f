// TDesign draws icons with a font from a CDN. Here the same shapes come from its SVG package, so that no network
// is needed; only icons whose names occur somewhere in the project's sources are inlined.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Returns a function from an icon's name to its URL-encoded SVG, or null for a name nobody uses. */
export function iconReader(project) {
  let dir
  try {
    dir = path.join(path.dirname(require.resolve('tdesign-icons-svg/package.json')), 'src')
  } catch {
    return () => null
  }
  const words = new Set()
  for (const c of project.components.values()) {
    if (c.id.endsWith('/icon/icon')) continue
    const dir = path.dirname(c.script)
    for (const f of fs.readdirSync(dir).filter((f) => /\.(ts|js|wxml|wxs)$/.test(f))) {
      for (const w of fs.readFileSync(path.join(dir, f), 'utf8').match(/[a-z][a-z0-9-]+/g) ?? []) words.add(w)
    }
  }
  return (name) => {
    const file = path.join(dir, name + '.svg')
    if (!words.has(name) || !fs.existsSync(file)) return null
    return encodeURIComponent(
      fs.readFileSync(file, 'utf8').replace('view-box', 'viewBox').replace(/width="1em" height="1em"/, 'width="24" height="24"').replaceAll('currentColor', 'black'),
    ).replaceAll("'", '%27')
  }
}
