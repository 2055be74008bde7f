import { expect, test } from 'vitest'
import { clientTurn, isOpen, OPEN_STATES, stageOf, stages, statesOf, type Line } from '../../src/words/stages'
import { dueCodes } from '../../src/words/ticket'
import { asks } from '../../src/words/actions'
import { KINDS, type State } from '../../src/services/ticket-types'

const texts = (line: Line | undefined): string[] => (line === undefined ? [] : typeof line === 'string' ? [line] : [...line])

test('every state says who moves next to everyone, and names a deadline only with something to say without it', () => {
  for (const kind of KINDS) {
    for (const [state, stage] of Object.entries(stages[kind])) {
      for (const line of [stage.client, stage.manager, stage.vendor, stage.lead]) {
        const [first, second] = texts(line)
        if (first === undefined) continue
        const code = /\{([A-Z]\d*)\}/.exec(first)?.[1]
        expect(Boolean(code) === (second !== undefined) || first.includes('{who}'), `${kind}/${state}: ${first}`).toBe(true)
        if (code) expect(dueCodes, `${kind}/${state}`).toContain(code)
        if (second) expect(second).not.toMatch(/\{[A-Z]/)
      }
      // Whoever is asked on a card has the move, and the other way round.
      expect(Boolean(stage.ask), `${kind}/${state}`).toBe(stage.turn === 'reporter' || stage.turn === 'manager' || (kind === 'fault' && state === 'solution_given'))
      expect(stage.turn === 'none', `${kind}/${state}`).toBe(!isOpen(state as State))
    }
  }
  for (const line of Object.values(asks)) for (const text of texts(line).slice(1)) expect(text).not.toMatch(/\{/)
})

test('one word can mean different things in different kinds', () => {
  expect(stageOf('fault', 'submitted')).toMatchObject({ word: '已提交', turn: 'vendor' })
  expect(clientTurn('fault', 'submitted')).toBe('')
  expect(clientTurn('report', 'submitted')).toBe('manager')
  expect(clientTurn('invoice', 'issued')).toBe('manager')
  expect(clientTurn('change', 'issued')).toBe('')
})

test('a state that only a newer server knows is shown plainly', () => {
  expect(stageOf('fault', 'paused' as State)).toMatchObject({ word: '进行中', turn: 'none' })
  expect(stageOf('petition' as 'fault', 'asked')).toMatchObject({ word: '进行中' })
})

test('open and over are told apart for lists', () => {
  expect(OPEN_STATES).not.toContain('closed')
  expect(OPEN_STATES).not.toContain('merged')
  expect(statesOf('invoice')).toEqual(['requested', 'issued', 'closed', 'withdrawn', 'merged'])
})
