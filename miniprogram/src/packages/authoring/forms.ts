import type { Form } from '../../components/action-form/forms'
import { text, type FormField } from '../../components/form-fields/fields'
import type { CourseAction, Work } from '../../services/courses'
import { CATEGORIES, type Category, type MaterialKind } from '../../services/learning'
import { categoryWords, materialWords } from '../../words/learning'

const about: readonly FormField[] = [
  { name: 'category', kind: 'choice', label: '哪一类', required: true, options: CATEGORIES.map((value: Category) => ({ value, title: categoryWords[value].word, text: '' })) },
  text('title', '课名', '例如：第一次下单', true, 60, 1),
  text('summary', '一段话介绍', '学完能做什么，要多久', true, 300, 3),
  { ...text('mandatory_for', '哪些部门必修', '例如：市场部、财务部；全体就写「全体」', false, 200, 1), hint: '不写就是选修' },
  { ...text('due_days', '发布后几天内学完', '例如：30', false, 3, 1), hint: '选填' },
]

export const courseForm: Form = { title: '新课程', lead: '先建一份草稿，内容一项项加；审核通过才发布。', submit: '建好', fields: about }

const kinds: readonly [MaterialKind, string][] = [
  ['article', ''], ['slides', '几张图片，一页一页看'], ['video', 'MP4、MOV'], ['audio', 'MP3、M4A'], ['pdf', ''], ['quiz', ''], ['link', '小程序里的一页'],
]

export const itemForm: Form = {
  title: '加一项', lead: '视频、音频、PDF 和幻灯片接着选文件；很多内容时，用电脑按文件夹导入更快。', submit: '下一步',
  fields: [
    { name: 'kind', kind: 'choice', label: '加什么', required: true, options: kinds.map(([value, text]) => ({ value, title: value === 'link' ? '功能页链接' : materialWords[value].word, text })) },
    text('title', '标题', '例如：订单怎么改', true, 60, 1),
    text('section_title', '放在哪一节', '例如：一、下单', true, 60, 1),
    { ...text('link', '页面地址', '例如：/pages/tickets/tickets', false, 200, 1), when: { field: 'kind', is: ['link'] }, requiredWhen: { field: 'kind', is: ['link'], say: '写上页面地址' } },
    { name: 'required', kind: 'flag', label: '算不算必学', required: true, options: [{ value: 'true', title: '必学', text: '没学不算学完' }, { value: 'false', title: '选学', text: '' }] },
  ],
}

/** What an action asks for; nothing: it is asked about once and done. */
export const actionForms: Partial<Record<CourseAction, Form>> = {
  return_draft: { title: '退回', lead: '作者看到理由，改了再提交。', submit: '退回', fields: [text('reason', '要改什么', '例如：第二节的截图是旧版的', true, 500, 3)] },
  withdraw: { title: '下架', lead: '员工不再看到它；已发的证书仍然有效。', submit: '下架', grave: true, fields: [text('reason', '为什么', '例如：功能改了，等新版', true, 500, 2)] },
}

const listOf = (names: unknown): string[] => {
  const list = typeof names === 'string' ? names.split(/[、，,;；\s]+/).filter(Boolean) : []
  return list.includes('全体') ? ['*'] : list
}

/** The wire's types. */
export function courseBody(fields: Record<string, unknown>): Record<string, unknown> {
  const { mandatory_for: names, due_days: days, ...rest } = fields
  const due = Number(days)
  return { ...rest, mandatory_for: listOf(names), ...(Number.isInteger(due) && due > 0 ? { due_days: due } : {}) }
}

export const mandatoryLine = (w: Pick<Work, 'mandatory_for' | 'due_days'>): string => {
  if (!w.mandatory_for.length) return '选修'
  const who = w.mandatory_for.includes('*') ? '全体必修' : `${w.mandatory_for.join('、')}必修`
  return w.due_days ? `${who}，${w.due_days} 天内学完` : who
}

/** What stands in a new item before anything is written: how it is to be written. */
export const STARTERS: Record<string, { body_md?: string; questions_text?: string }> = {
  article: { body_md: '## 先看什么\n\n写在这里。\n' },
  link: { body_md: '' },
  quiz: { questions_text: '## 报故障后多久有人响应？\n\n- [x] 8 小时内\n- [ ] 三天内\n\n> 协议 4.2：8 小时内响应。\n' },
}
