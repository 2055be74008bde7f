// The server's own description of itself against our tables: a new word over there without words here fails.
import { expect, test } from 'vitest'
import { forms } from '../../src/components/action-form/forms'
import { reports } from '../../src/packages/ticket/report/kinds'
import { ACTIONS, KINDS } from '../../src/services/ticket-types'
import { actionOrder, actionWords, asks, pairs, quietActions } from '../../src/words/actions'
import { channelWords, decisionWords, gradeWords, invoiceWords, modeWords, recordSpecs } from '../../src/words/records'
import { OPEN_STATES, stages } from '../../src/words/stages'
import { kindWords, severityWords } from '../../src/words/ticket'
import { openapi } from './openapi.mjs'

const { schemas } = openapi().components
const words = (schema: string): string[] => [...(schemas[schema]?.enum ?? [])].sort()
const sorted = (names: Iterable<string>): string[] => [...names].sort()

test('every kind, state and severity has words', () => {
  expect(sorted(KINDS)).toEqual(words('Kind'))
  expect(sorted(Object.keys(kindWords))).toEqual(words('Kind'))
  expect(sorted(Object.keys(reports))).toEqual(words('Kind'))
  expect(sorted(new Set(Object.values(stages).flatMap((s) => Object.keys(s)).concat('withdrawn', 'merged')))).toEqual(words('State'))
  expect(sorted([...OPEN_STATES, 'closed', 'withdrawn', 'merged'])).toEqual(words('State'))
  expect(sorted(Object.keys(severityWords))).toEqual(words('Severity'))
})

test('every action has a word, a form and a place in the order', () => {
  expect(sorted(ACTIONS)).toEqual(words('Action'))
  expect(sorted(Object.keys(actionWords))).toEqual(words('Action'))
  expect(sorted(actionOrder)).toEqual(words('Action'))
  expect(sorted(Object.keys(forms).filter((f) => f !== 'message' && f !== 'reveal'))).toEqual(words('Action'))
  for (const name of [...quietActions, ...Object.keys(asks), ...Object.keys(pairs), ...Object.values(pairs).flat()]) expect(ACTIONS).toContain(name)
})

test('the fields of every action and report are the ones that the server takes, the required ones among them', () => {
  const pascal = (name: string): string => name.replace(/(^|_)(\w)/g, (_, __, c: string) => c.toUpperCase())
  for (const action of ACTIONS) {
    const schema = schemas[`action.${pascal(action)}`]
    expect(schema, action).toBeDefined()
    const taken = Object.keys(schema?.properties ?? {})
    const asked = forms[action].fields.map((f) => f.name)
    expect(asked.filter((f) => !taken.includes(f)), action).toEqual([])
    const mandatory = forms[action].fields.filter((f) => f.required).map((f) => f.name)
    expect((schema?.required ?? []).filter((f) => f !== 'action' && !mandatory.includes(f)), action).toEqual([])
  }
  const taken = Object.keys(schemas.NewTicket?.properties ?? {})
  for (const kind of KINDS) expect(reports[kind].fields.map((f) => f.name).filter((f) => !taken.includes(f)), kind).toEqual([])
})

test('every choice that a record can hold has words, and every record type a title', () => {
  expect(sorted(Object.keys(recordSpecs))).toEqual(words('RecordType'))
  expect(sorted(Object.keys(decisionWords))).toEqual(words('Decision'))
  expect(sorted(Object.keys(channelWords))).toEqual(words('Channel'))
  expect(sorted(Object.keys(gradeWords))).toEqual(words('Grade'))
  expect(sorted(Object.keys(modeWords))).toEqual(words('Mode'))
  expect(sorted(Object.keys(invoiceWords))).toEqual(words('InvoiceType'))
  for (const [type, { lines }] of Object.entries(recordSpecs)) {
    const body = schemas[`record.${type.replace(/(^|_)(\w)/g, (_, __, c: string) => c.toUpperCase())}`]
    expect(lines.map((l) => l.key).filter((k) => !Object.keys(body?.properties ?? {}).includes(k)), type).toEqual([])
  }
})
