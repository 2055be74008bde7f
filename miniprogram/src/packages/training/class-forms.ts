import type { Form } from '../../components/action-form/forms'
import { text, type FormField } from '../../components/form-fields/fields'
import { CATEGORIES, type Category } from '../../services/learning'
import type { ClassAction, TrainingClass } from '../../services/classes'
import { categoryWords } from '../../words/learning'

const WRITTEN = '签署后算书面形式（电子签名法第 4 条），双方都能随时调出和核验。'
const reason = (label: string, placeholder: string): FormField => text('reason', label, placeholder, true, 500, 2)

const plan: readonly FormField[] = [
  text('title', '课题', '例如：订单模块上手', true, 80, 1),
  { name: 'mode', kind: 'choice', label: '怎么上', required: true, options: [{ value: 'on_site', title: '线下', text: '大家到一处' }, { value: 'online', title: '线上', text: '在会议里听' }] },
  text('place', '地点或会议链接', '例如：三楼会议室', true, 200, 1),
  { name: 'starts_at', kind: 'time', label: '几点开始', required: true },
  { name: 'ends_at', kind: 'time', label: '几点结束', required: true },
  text('agenda', '讲什么', '例如：一、下单；二、改单；三、常见错误', true, 2000, 3),
]

/** A plan of the agreement's training: either side proposes, it counts when the other agrees (6.2). */
export const proposal: Form = {
  title: '提一个培训班', lead: '对方同意后，员工才能报名。', submit: '发给对方',
  fields: [
    { name: 'category', kind: 'choice', label: '哪一类（协议 6.2）', required: true, options: CATEGORIES.map((value: Category) => ({ value, title: categoryWords[value].word, text: '' })) },
    ...plan,
    { name: 'trainer_id', kind: 'person', label: '谁来讲', required: true },
    { ...text('departments', '请哪些部门', '例如：市场部、财务部', false, 200, 1), hint: '不写就是全体' },
    { ...text('capacity', '最多几人', '例如：20', false, 4, 1), hint: '不写就不限' },
  ],
}

const forms: Partial<Record<ClassAction, Form>> = {
  agree: { title: '同意这个安排', lead: '', submit: '同意', fields: [], signs: WRITTEN },
  decline: { title: '不同意', lead: '对方看到理由，可以改了再提。', submit: '发给对方', fields: [reason('为什么', '例如：那天盘点，换到周五')] },
  change: { title: '改安排', lead: '改了要对方再同意一次；已报名的人会收到通知。', submit: '改好了', fields: plan },
  cancel: { title: '取消这个班', lead: '已报名的人会收到通知。', submit: '取消这个班', grave: true, fields: [reason('为什么', '例如：讲师生病，改期另提')] },
  finish: {
    title: '下课', lead: '之后不能再签到。纪要和照片双方都能看到。', submit: '下课',
    fields: [text('minutes', '纪要', '例如：讲完下单和改单，答了 6 个问题；扫码枪另约', true, 4000, 4), { name: 'attachment_ids', kind: 'files', label: '现场照片' }],
  },
  sign_roster: { title: '签署签到表', lead: '', submit: '签署', fields: [], signs: WRITTEN },
}

/** Whom a trainer may still mark: enrolled, and not signed in by code. */
function marking(c: TrainingClass): Form {
  const missing = (c.roster ?? []).filter((a) => !a.signed_in_at)
  return {
    title: '补签到', lead: '只给确实到场、签不了的人；签到表上会写明是补签。', submit: '补签到',
    fields: [
      { name: 'person_id', kind: 'choice', label: '谁', required: true, options: missing.map((a) => ({ value: a.person.id, title: a.person.display_name, text: a.person.department ?? '' })) },
      reason('为什么补签', '例如：手机没电，本人在场'),
    ],
  }
}

/** What an action asks for; nothing: it is done with one tap. */
export const formOf = (action: ClassAction, c: TrainingClass): Form | null => (action === 'mark_present' ? marking(c) : forms[action] ?? null)

export const actionWords: Record<ClassAction, string> = {
  agree: '同意', decline: '不同意', change: '改安排', cancel: '取消', enrol: '我要参加', leave: '不去了', start: '开始上课', mark_present: '补签到', finish: '下课', sign_roster: '签署签到表',
}

export const PLAIN: readonly ClassAction[] = ['decline', 'change', 'cancel', 'leave', 'mark_present']

/** The wire's types: departments are a list, seats a number. */
export function classBody(fields: Record<string, unknown>): Record<string, unknown> {
  const { departments, capacity, ...rest } = fields
  const names = typeof departments === 'string' ? departments.split(/[、，,;；\s]+/).filter(Boolean) : []
  const seats = Number(capacity)
  return { ...rest, departments: names.length ? names : ['*'], ...(Number.isInteger(seats) && seats > 0 ? { capacity: seats } : {}) }
}
