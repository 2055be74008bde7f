import type { CourseItem, MaterialKind } from '../../../services/learning'
import { materialWords, playTime } from '../../../words/learning'
import { timeWords } from '../../../words/time'

/** One item of a course, as its line says it. */
export interface Row {
  id: string
  kind: MaterialKind
  icon: string
  title: string
  line: string
  done: boolean
  state: string
}

function lengthOf(i: CourseItem): string {
  if (i.duration_ms) return playTime(i.duration_ms / 1000)
  if (i.pages) return `${i.pages} 页`
  return i.quiz ? `${i.quiz.questions} 题，${i.quiz.pass_percent} 分通过` : ''
}

function stateOf(i: CourseItem, now: number): string {
  const q = i.quiz
  if (q) {
    if (q.passed) return `已通过，最好 ${q.best_score ?? q.pass_percent} 分`
    if (q.open_attempt) return '做到一半，接着做'
    if (!q.attempts_left) return q.next_attempt_at ? `${timeWords(q.next_attempt_at, now)} 再来` : '今天的次数用完了'
    return q.best_score === null ? `还能做 ${q.attempts_left} 次` : `最好 ${q.best_score} 分，还能做 ${q.attempts_left} 次`
  }
  if (i.my.has_new) return '有新内容'
  if (i.my.state === 'completed') return '已学完'
  return i.my.coverage > 0 ? `已学 ${i.my.coverage}%` : ''
}

export const rowOf = (i: CourseItem, now: number): Row => ({
  id: i.id,
  kind: i.kind,
  icon: materialWords[i.kind].icon,
  title: i.title,
  line: [materialWords[i.kind].word, lengthOf(i), i.required ? '' : '选学'].filter(Boolean).join(' · '),
  done: i.quiz ? i.quiz.passed : i.my.state === 'completed' && !i.my.has_new,
  state: stateOf(i, now),
})
