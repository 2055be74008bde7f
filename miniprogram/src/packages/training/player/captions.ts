/** WebVTT as far as captions need it: when which words are said. WeChat's video shows none by itself. */
export interface Cue {
  from: number
  to: number
  text: string
}

const TIME = /^(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s+-->\s+(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})/
const seconds = (h = '0', m = '0', s = '0', ms = '0'): number => Number(h) * 3600 + Number(m) * 60 + Number(s) + Number(ms) / 1000

export const cuesOf = (vtt: string): Cue[] =>
  vtt
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .flatMap((block) => {
      const lines = block.split('\n').filter(Boolean)
      const at = lines.findIndex((l) => TIME.test(l))
      const [, h1, m1, s1, f1, h2, m2, s2, f2] = TIME.exec(lines[at] ?? '') ?? []
      if (at < 0 || m1 === undefined) return []
      const text = lines.slice(at + 1).join('\n').replace(/<[^>]*>/g, '').trim()
      return text ? [{ from: seconds(h1, m1, s1, f1), to: seconds(h2, m2, s2, f2), text }] : []
    })

export const cueAt = (cues: readonly Cue[], at: number): number => cues.findIndex((c) => c.from <= at && at < c.to)
