// The compiled templates of the build, handed out by id, and the addresses of files in the package.
import { find } from '../temp-files'
import { target } from '../visitor'

let groups: Record<string, any>

export const setTemplates = (compiled: Record<string, any>) => (groups = compiled)
export const template = (id: string) => ({ groupList: groups, content: groups[id], fallbackListenerOnNativeNode: true })

/** `/x.png` and `x.png` are files of the package, `wxfile://` names are files in memory, the rest are URLs already. */
export function assetUrl(source: string, component: any): string {
  const file = find(source)
  if (file) return file.url
  if (/^(https?:|data:|blob:|wxfile:)/.test(source)) return target(source)
  if (source.startsWith('/')) return '.' + source
  const owner = component._$.ownerShadowRoot?.getHostNode().is ?? ''
  return new URL(source, `http://x/${owner}`).pathname.slice(1)
}
