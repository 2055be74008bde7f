/** Slides as they are written: a picture on a line of its own is a page, what follows are its words. Pure. */
export interface Leaf {
  alt: string
  /** `images/<digest>` as it is stored, `upload:<id>` before it is saved. */
  target: string
  words: string
}

const PICTURE = /^!\[([^\]]*)\]\(([^)\s]+)\)\s*$/
/** What pages are called by themselves; it follows their place. */
const NUMBERED = /^第 \d+ [页张]$/

export function leavesOf(body: string): Leaf[] {
  const leaves: Leaf[] = []
  for (const line of body.split('\n')) {
    const [, alt, target] = PICTURE.exec(line) ?? []
    if (target !== undefined) leaves.push({ alt: NUMBERED.test(alt ?? '') ? '' : alt ?? '', target, words: '' })
    const last = leaves[leaves.length - 1]
    if (last && target === undefined) last.words += `${line}\n`
  }
  return leaves.map((l) => ({ ...l, words: l.words.trim() }))
}

export const bodyOf = (leaves: readonly Leaf[]): string =>
  leaves.map((l, i) => `![${l.alt || `第 ${i + 1} 页`}](${l.target})\n\n${l.words.trim()}${l.words.trim() ? '\n\n' : ''}`).join('')

/** The page at `from` moved by one; out of range: as it was. */
export function moved<T>(all: readonly T[], from: number, by: number): T[] {
  const to = from + by
  const [a, b] = [all[from], all[to]]
  if (a === undefined || b === undefined) return [...all]
  return all.map((x, i) => (i === from ? b : i === to ? a : x))
}
