// Node lists and HTML strings for <rich-text> and markup the person may see: only listed tags and attributes are made.
import { target } from '../visitor'
import { node } from './node'

const TAGS = new Set('a abbr b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s small span strong sub sup table tbody td tfoot th thead tr u ul'.split(' '))
const ATTRIBUTES = ['style', 'src', 'alt', 'width', 'height', 'colspan', 'rowspan']

function make(n: any): Node[] {
  if (n.type === 'text' || n.nodeType === Node.TEXT_NODE) return [document.createTextNode(n.text ?? n.textContent)]
  // An element of a document has properties of its own called `name`, `children`, `attrs`: they mean something else.
  const name = String(n.nodeType ? n.nodeName : n.name).toLowerCase()
  if (!TAGS.has(name)) return []
  const attributes = n.nodeType ? Object.fromEntries([...(n.attributes ?? [])].map((a: Attr) => [a.name, a.value])) : n.attrs ?? {}
  const element = node(name, attributes.class ?? '')
  for (const key of ATTRIBUTES) if (attributes[key] && !/javascript:/i.test(attributes[key])) element.setAttribute(key, key === 'src' ? target(attributes[key]) : attributes[key])
  element.append(...[...((n.nodeType ? n.childNodes : n.children) ?? [])].flatMap(make))
  return [element]
}

export function richNodes(nodes: unknown): Node[] {
  if (typeof nodes === 'string') return [...new DOMParser().parseFromString(nodes, 'text/html').body.childNodes].flatMap(make)
  return Array.isArray(nodes) ? nodes.flatMap(make) : []
}
