// The app's own scripts as one bundle. Each component script runs inside its own `Component()` environment,
// and globals that a phone's logic layer lacks (`window`, `fetch`, ...) are undefined in it.
import fs from 'node:fs'
import path from 'node:path'
import esbuild from 'esbuild'

const BROWSER_ONLY = ['window', 'document', 'localStorage', 'sessionStorage', 'fetch', 'XMLHttpRequest', 'navigator', 'location', 'history', 'alert']

/** Options for esbuild that turn the project into `app.js`. */
export const appBundle = (project, templates) => ({
  entryPoints: { app: 'mp:entry' },
  plugins: [appBundlePlugin(project, templates)],
  define: Object.fromEntries(BROWSER_ONLY.map((name) => [name, 'undefined'])),
})

function appBundlePlugin(project, templates) {
  const byScript = new Map([...project.components.values()].map((c) => [c.script, c]))
  return {
    name: 'miniprogram',
    setup(build) {
      build.onResolve({ filter: /^mp:/ }, (a) => ({ path: a.path, namespace: 'mp' }))
      build.onLoad({ filter: /^mp:entry$/, namespace: 'mp' }, () => ({ contents: entrySource(project, templates), resolveDir: project.root, loader: 'js' }))
      build.onLoad({ filter: /^mp:component:/, namespace: 'mp' }, (a) => {
        const c = project.components.get(a.path.slice('mp:component:'.length))
        return {
          contents: `module.exports = __mp.defineComponent(${JSON.stringify(c.id)}, () => require(${JSON.stringify(c.script + '?own')}))`,
          resolveDir: project.root,
          loader: 'js',
        }
      })
      build.onResolve({ filter: /\?own$/ }, (a) => ({ path: a.path.slice(0, -4), pluginData: 'own' }))
      // DevTools turns each file into CommonJS on its own, so a file may mix `import` with `module.exports`.
      build.onLoad({ filter: /\.[jt]s$/, namespace: 'file' }, async (a) => {
        const source = await fs.promises.readFile(a.path, 'utf8')
        const { code } = await esbuild.transform(source, { loader: a.path.endsWith('.ts') ? 'ts' : 'js', format: 'cjs', target: 'es2022', sourcefile: a.path, sourcemap: 'inline', logLevel: 'silent' })
        return { contents: code, loader: 'js' }
      })
      // A script that imports another component's script must get that component, registered under its own name.
      build.onResolve({ filter: /.*/, namespace: 'file' }, async (a) => {
        if (a.pluginData === 'resolving') return null
        const hit = (await resolveScript(build, a, project)) ?? null
        if (!hit) return null
        const c = byScript.get(hit)
        return c ? { path: `mp:component:${c.id}`, namespace: 'mp' } : { path: hit }
      })
    },
  }
}

async function resolveScript(build, args, project) {
  if (!args.path.startsWith('.') && !args.path.startsWith('/')) {
    for (let dir = args.resolveDir; dir.startsWith(project.root); dir = path.dirname(dir)) {
      const base = path.join(dir, 'miniprogram_npm', args.path)
      const file = [base, base + '.js', path.join(base, 'index.js')].find((f) => fs.statSync(f, { throwIfNoEntry: false })?.isFile())
      if (file) return file
    }
  }
  const rooted = args.path.startsWith('/') && !args.path.startsWith(project.root) ? path.join(project.root, args.path) : args.path
  const r = await build.resolve(rooted, { resolveDir: args.resolveDir, kind: args.kind, pluginData: 'resolving' })
  return r.errors.length ? null : r.path
}

function entrySource(project, templates) {
  const list = [...project.components.values()]
  const configs = Object.fromEntries(
    list.map((c) => [
      c.id,
      {
        ...c.json,
        component: !c.isPage,
        styleIsolation: c.isolation,
        usingComponents: Object.fromEntries(Object.entries({ ...project.globalUsing, ...c.using }).map(([t, id]) => [t, '/' + id])),
        scope: c.scope,
      },
    ]),
  )
  const app = ['app.ts', 'app.js'].find((f) => fs.existsSync(path.join(project.root, f)))
  return `
    __mp.configure(${JSON.stringify({ app: project.appJson, pages: project.pages })}, ${JSON.stringify(configs)}, ${templates})
    ${app ? `require(${JSON.stringify('./' + app)})` : ''}
    __mp.group(() => {
      ${list.map((c) => `require(${JSON.stringify('mp:component:' + c.id)})`).join('\n')}
    })
    __mp.launch()
  `
}
