import type { Attendance, ClassAction, TrainingClass } from '../../../services/classes'
import { attendedLine, departmentsLine, seatsLine, spanOf } from '../../../words/classes'
import { categoryWords, modeWords } from '../../../words/learning'
import { exactWords } from '../../../words/time'

export interface Fact {
  name: string
  value: string
}

export interface Present {
  id: string
  name: string
  department: string
  line: string
  there: boolean
}

export const factsOf = (c: TrainingClass, now: number): Fact[] =>
  [
    { name: '编号', value: c.number },
    { name: '类别', value: `${categoryWords[c.category].word}（协议 6.2）` },
    { name: '时间', value: spanOf(c.starts_at, c.ends_at, now) },
    { name: modeWords[c.mode], value: c.place },
    { name: '讲师', value: c.trainer?.display_name ?? '' },
    { name: '对象', value: departmentsLine(c.departments) },
    { name: '人数', value: seatsLine(c) },
    { name: '原因', value: c.reason ?? '' },
    { name: '同意', value: c.agreed_by && c.agreed_at ? `${c.agreed_by.display_name}，${exactWords(c.agreed_at)}` : '' },
  ].filter((f) => f.value)

export const rosterOf = (roster: readonly Attendance[]): Present[] =>
  roster.map((a) => ({ id: a.person.id, name: a.person.display_name, department: a.person.department ?? '', line: attendedLine(a), there: a.signed_in_at !== null }))

/** Two signatures under the roster, each there or still missing. */
export function signedLines(c: TrainingClass): { text: string; done: boolean }[] {
  if (c.state !== 'held' && c.state !== 'signed') return []
  const line = (side: string, s: TrainingClass['signed']['client']): { text: string; done: boolean } => ({ text: s ? `${side}：${s.by?.display_name ?? ''}，${exactWords(s.at)}` : `${side}：还没签`, done: s !== null })
  return [line('甲方', c.signed.client), line('乙方', c.signed.vendor)]
}

/** What exactly is signed. */
export function signedBefore(action: ClassAction, c: TrainingClass, now: number): string[] {
  const there = (c.roster ?? []).filter((a) => a.signed_in_at)
  if (action === 'sign_roster') return [`${c.number} ${c.title}`, spanOf(c.starts_at, c.ends_at, now), `到课 ${there.length} 人：${there.map((a) => a.person.display_name).join('、') || '无'}`]
  return [`${c.number} ${c.title}`, `${spanOf(c.starts_at, c.ends_at, now)}，${c.place}`]
}
