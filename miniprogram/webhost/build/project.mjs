// The mini-program as a graph: app.json leads to pages and subpackages, their JSON leads to components,
// and every one of them gets one id ("pages/login/login"). Whatever is missing is collected and reported at once.
import fs from 'node:fs'
import path from 'node:path'

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'))
const scopeName = (n) => `s${n.toString(36)}`

/** Collects every page and component the app can reach, with one id ("pages/login/login") for each. */
export class Project {
  constructor(root) {
    this.root = path.resolve(root)
    this.appJson = readJson(path.join(this.root, 'app.json'))
    const theme = path.join(this.root, this.appJson.themeLocation ?? 'theme.json')
    if (fs.existsSync(theme)) this.appJson.themeVariables = readJson(theme)
    this.components = new Map()
    this.errors = []
  }

  get pages() {
    const subs = this.appJson.subPackages ?? this.appJson.subpackages ?? []
    return [...this.appJson.pages, ...subs.flatMap((s) => s.pages.map((p) => path.posix.join(s.root, p)))]
  }

  collect() {
    this.globalUsing = this.resolveUsing(this.appJson.usingComponents ?? {}, 'app')
    for (const page of this.pages) this.add(page, true)
    if (this.appJson.tabBar?.custom) this.add('custom-tab-bar/index', false)
    Object.values(this.globalUsing).forEach((id) => this.add(id, false))
    if (this.errors.length) throw new Error(this.errors.join('\n'))
  }

  add(id, isPage) {
    const known = this.components.get(id)
    if (known) return
    const base = path.join(this.root, id)
    const script = ['.ts', '.js'].map((e) => base + e).find((f) => fs.existsSync(f))
    if (!script || !fs.existsSync(base + '.wxml')) {
      this.errors.push(`${id}: no script or no .wxml under ${path.relative(process.cwd(), base)}`)
      return
    }
    const json = fs.existsSync(base + '.json') ? readJson(base + '.json') : {}
    const entry = { id, isPage, script, json, using: {}, scope: undefined }
    // A page may itself be declared `component: true`; what decides its default isolation is being a page.
    const isolation = json.styleIsolation ?? scriptIsolation(script) ?? (isPage ? 'shared' : 'isolated')
    if (!/^(page-)?shared$/.test(isolation)) entry.scope = scopeName(this.components.size)
    entry.isolation = isolation
    this.components.set(id, entry)
    entry.using = this.resolveUsing(json.usingComponents ?? {}, id)
    const generics = Object.values(json.componentGenerics ?? {}).map((g) => g?.default).filter(Boolean)
    const extra = this.resolveUsing(Object.fromEntries(generics.map((g, i) => [i, g])), id)
    for (const dep of [...Object.values(entry.using), ...Object.values(extra)]) this.add(dep, false)
  }

  resolveUsing(map, from) {
    const out = {}
    for (const [tag, ref] of Object.entries(map)) {
      const id = this.resolve(ref, from)
      if (id) out[tag] = id
      else this.errors.push(`${from}: cannot find the component <${tag}> "${ref}"`)
    }
    return out
  }

  /** Relative first, then `miniprogram_npm` from the nearest folder up: the order WeChat uses. */
  resolve(ref, from) {
    const exists = (id) => fs.existsSync(path.join(this.root, id + '.json'))
    if (ref.startsWith('/')) return exists(ref.slice(1)) ? ref.slice(1) : null
    const near = path.posix.join(path.posix.dirname(from), ref)
    for (const id of [near, near + '/index']) if (exists(id)) return id
    for (let dir = path.posix.dirname(from); ; dir = path.posix.dirname(dir)) {
      const npm = path.posix.join(dir, 'miniprogram_npm', ref)
      for (const id of [npm, npm + '/index']) if (exists(id)) return id
      if (dir === '.' || dir === '/') return null
    }
  }
}

/** The same setting may stand in the script's `options`; prefixes are decided before it runs, so it is read as text. */
function scriptIsolation(script) {
  const source = fs.readFileSync(script, 'utf8')
  return source.match(/\bstyleIsolation:\s*['"]([\w-]+)['"]/)?.[1] ?? (/\baddGlobalClass:\s*(true|!0)/.test(source) ? 'apply-shared' : undefined)
}
