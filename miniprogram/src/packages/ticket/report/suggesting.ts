import type { MaterialKind } from '../../../services/learning'
import { parts, suggest, type Hit } from '../../../services/search'
import { materialWords } from '../../../words/learning'

/** While a fault is being written: what was written about it already. The best ticket is the one that is not needed. */
export interface Suggested {
  id: string
  icon: string
  title: ReturnType<typeof parts>
  spoken: string
  line: string
  url: string
}

/** A person stops typing for a moment; then there is something to go by. */
const QUIET = 800
const ENOUGH = 4

const pages: Partial<Record<MaterialKind, string>> = { video: 'player', audio: 'player' }

function row(h: Hit, suggestion: string): Suggested {
  const kind = h.kind as MaterialKind
  const page = pages[kind] ?? 'reader'
  return { id: h.id, icon: materialWords[kind].icon, title: parts(h.title), spoken: h.title.map((p) => p.text).join(''), line: h.excerpt.map((p) => p.text).join(''), url: `/packages/training/${page}/${page}?id=${h.id}&suggestion=${suggestion}` }
}

export class Suggesting {
  private timer = 0
  private asked = ''

  constructor(private readonly show: (rows: Suggested[]) => void) {}

  hear(title: string, description: string): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.ask(title.trim(), description.trim()), QUIET)
  }

  private async ask(title: string, description: string): Promise<void> {
    const words = `${title}\n${description}`
    if (words.length <= ENOUGH || words === this.asked) return
    this.asked = words
    // Helpful, never needed: what cannot be asked now is left out.
    const found = await suggest(title, description).catch(() => null)
    if (found && words === this.asked) this.show(found.items.slice(0, 3).map((h) => row(h, found.id)))
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
