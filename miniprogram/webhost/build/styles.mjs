// All WXSS of the project as one CSS text: the app's, then the components', then the pages'.
// Later rules win ties, which is the order WeChat applies them in.
import fs from 'node:fs'
import path from 'node:path'
import { iconReader } from './icons.mjs'
import { compileWxss } from './wxss.mjs'

export function compileStyles(project) {
  const darkmode = project.appJson.darkmode === true
  const icons = iconReader(project)
  const parts = []
  const add = (id, o) => {
    const file = path.join(project.root, id + '.wxss')
    if (fs.existsSync(file)) parts.push(`/* ${id} */\n${compileWxss({ file, root: project.root, darkmode, icons, ...o })}`)
  }
  add('app', {})
  const all = [...project.components.values()]
  for (const c of all.filter((c) => !c.isPage)) add(c.id, { scope: c.scope })
  for (const c of all.filter((c) => c.isPage)) add(c.id, { scope: c.scope, route: c.id })
  return parts.join('\n')
}
