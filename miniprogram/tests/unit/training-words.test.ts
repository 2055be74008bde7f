// The server's own description of training against our tables: a new word over there without words here fails.
import { beforeEach, expect, test } from 'vitest'
import { openapi } from './openapi.mjs'
import { reset } from './fake-wx'

beforeEach(reset)

const { schemas } = openapi().components
const words = (schema: string): string[] => [...(schemas[schema]?.enum ?? [])].sort()
const keys = (table: object): string[] => Object.keys(table).sort()
const sorted = (list: readonly string[]): string[] => [...list].sort()

test('every category, kind and state of training has words', async () => {
  const { categoryWords, classStates, learningStates, materialWords, modeWords } = await import('../../src/words/learning')
  const { CATEGORIES, MATERIAL_KINDS } = await import('../../src/services/learning')
  const { kindWords } = await import('../../src/packages/training/quiz/paper')
  expect(keys(categoryWords)).toEqual(words('Category'))
  expect(sorted(CATEGORIES)).toEqual(words('Category'))
  expect(keys(materialWords)).toEqual(words('MaterialKind'))
  expect(sorted(MATERIAL_KINDS)).toEqual(words('MaterialKind'))
  expect(keys(learningStates)).toEqual(words('LearningState'))
  expect(keys(classStates)).toEqual(words('ClassState'))
  expect(keys(modeWords)).toEqual(words('ClassMode'))
  expect(keys(kindWords)).toEqual(words('QuestionKind'))
})

test('every action of a class and of a course has a word, and asks for the fields that the server takes', async () => {
  const classes = await import('../../src/packages/training/class-forms')
  expect(keys(classes.actionWords)).toEqual(words('ClassAction'))
  const authoring = await import('../../src/packages/authoring/words')
  const { COURSE_ACTIONS, COURSE_STATES } = await import('../../src/services/courses')
  expect(keys(authoring.courseStates)).toEqual(words('CourseState'))
  expect(sorted(COURSE_STATES)).toEqual(words('CourseState'))
  expect(keys(authoring.actionWords)).toEqual(words('CourseStep'))
  expect(sorted(COURSE_ACTIONS)).toEqual(words('CourseStep'))
})

test('what is sent has no field that the server does not know, and all that it needs', async () => {
  const { proposal, classBody } = await import('../../src/packages/training/class-forms')
  const { courseForm, courseBody, itemForm, STARTERS } = await import('../../src/packages/authoring/forms')
  const filled = (fields: readonly { name: string }[]): Record<string, unknown> => Object.fromEntries(fields.map((f) => [f.name, f.name === 'capacity' || f.name === 'due_days' ? '7' : '市场部']))
  for (const [schema, body] of [
    ['NewClass', classBody(filled(proposal.fields))],
    ['NewCourse', courseBody(filled(courseForm.fields))],
    ['NewItem', { ...STARTERS.article, ...STARTERS.quiz, ...filled(itemForm.fields) }],
  ] as const) {
    const known = schemas[schema]
    expect(known, schema).toBeDefined()
    expect(Object.keys(body).filter((f) => !(f in (known?.properties ?? {}))), schema).toEqual([])
    expect((known?.required ?? []).filter((f) => !(f in body)), schema).toEqual([])
  }
})
