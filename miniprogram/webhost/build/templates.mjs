// WXML and WXS of the whole project, compiled into one template group.
// A slip in the project's own templates fails the build; one in a third party's package does not.
import fs from 'node:fs'
import path from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'
import { BUILTIN_TEMPLATES } from '../runtime/templates.mjs'
import { compileWxs } from './wxs.mjs'

const BUILTIN_DIR = '__wx'

/** Compiles all templates and WXS into one group; returns the JS expression that builds it. */
export function compileTemplates(project) {
  const group = process.env.NODE_ENV === 'production' ? new TmplGroup() : TmplGroup.newDev()
  group.setExtraRuntimeScript('Q.A = __mp.changeFilter; Q.C = __mp.eventWrapper;')
  const done = new Set()
  const problems = []
  const addScript = (id) => {
    if (done.has(id + '.wxs')) return
    done.add(id + '.wxs')
    const source = fs.readFileSync(path.join(project.root, id + '.wxs'), 'utf8')
    group.addScript(id, compileWxs(source, id + '.wxs'))
    for (const [, ref] of source.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g)) {
      addScript(path.posix.join(path.posix.dirname(id), ref).replace(/\.wxs$/, ''))
    }
  }
  const addTemplate = (id) => {
    if (done.has(id)) return
    done.add(id)
    const source = fs.readFileSync(path.join(project.root, id + '.wxml'), 'utf8')
    for (const w of group.addTmpl(id, source)) {
      if (w.isError || w.level === 'Warn') problems.push(`${w.path}.wxml:${w.startLine + 1}:${w.startColumn + 1} ${w.message}`)
    }
    for (const name of group.getInlineScriptModuleNames(id)) {
      group.setInlineScript(id, name, compileWxs(group.getInlineScript(id, name), `${id}.wxml <wxs module="${name}">`))
    }
    group.getDirectDependencies(id).forEach(addTemplate)
    group.getScriptDependencies(id).forEach(addScript)
  }
  for (const { id } of project.components.values()) addTemplate(id)
  for (const [tag, source] of Object.entries(BUILTIN_TEMPLATES)) group.addTmpl(`${BUILTIN_DIR}/${tag}`, source)
  // A third party's slips are worth no line of ours; in the project's own templates they fail the build.
  const own = problems.filter((p) => !p.includes('miniprogram_npm/'))
  if (own.length) throw new Error(own.join('\n'))
  const code = group.getTmplGenObjectGroups()
  group.free()
  return code
}
