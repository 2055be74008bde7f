import type { Chosen } from '../../../services/answers'
import type { Judged, Option, Question, QuizState } from '../../../services/learning'
import { timeWords } from '../../../words/time'

/** A quiz in words: the paper while it is answered, and what became of it. */
export const kindWords: Record<Question['kind'], string> = { single: '单选', multiple: '多选', true_false: '判断' }

/** One choice replaces another, except where several are asked for. */
export function choose(chosen: Chosen, q: Question, key: string): Chosen {
  const had = chosen[q.no] ?? []
  if (q.kind !== 'multiple') return { ...chosen, [q.no]: [key] }
  return { ...chosen, [q.no]: had.includes(key) ? had.filter((k) => k !== key) : [...had, key].sort() }
}

export const unanswered = (questions: readonly Question[], chosen: Chosen): Question[] => questions.filter((q) => !chosen[q.no]?.length)

export const answersOf = (questions: readonly Question[], chosen: Chosen): { no: number; chosen: string[] }[] => questions.map((q) => ({ no: q.no, chosen: chosen[q.no] ?? [] }))

export interface JudgedRow {
  no: number
  text: string
  right: boolean
  options: (Option & { mark: '' | 'right' | 'wrong' | 'chosen'; said: string })[]
  explanation: string
}

/** Which options were chosen and which were right; where the answer is not told yet, only what was chosen. */
export function judgedRow(q: Question, j: Judged): JudgedRow {
  const mark = (key: string): JudgedRow['options'][number]['mark'] => {
    const chosen = j.chosen.includes(key)
    if (!j.correct) return chosen ? (j.right ? 'right' : 'chosen') : ''
    if (j.correct.includes(key)) return 'right'
    return chosen ? 'wrong' : ''
  }
  const said = (key: string): string => {
    const chosen = j.chosen.includes(key)
    const right = j.correct?.includes(key) ?? false
    return chosen && right ? '你选的，对' : chosen ? '你选的' : right ? '正确答案' : ''
  }
  return { no: q.no, text: q.text, right: j.right, options: q.options.map((o) => ({ ...o, mark: mark(o.key), said: said(o.key) })), explanation: j.explanation ?? '' }
}

export function attemptsLine(q: Pick<QuizState, 'attempts_left' | 'next_attempt_at'>, now: number): string {
  if (q.attempts_left > 0) return `今天还能做 ${q.attempts_left} 次`
  return q.next_attempt_at ? `今天的次数用完了，${timeWords(q.next_attempt_at, now)} 再来` : '今天的次数用完了'
}
