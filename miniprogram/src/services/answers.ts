import { me } from './session'

/** Answers of a quiz before they are handed in: closing the page must not cost a person their thinking. */
const KEY = 'answers'

export type Chosen = Record<number, string[]>

interface Kept {
  owner: string
  attempt: string
  chosen: Chosen
}

/** Of one attempt only: whoever begins another has given the older one up. */
export function openAnswers(attempt: string): Chosen {
  const kept = (wx.getStorageSync(KEY) as Kept | '') || null
  return kept?.attempt === attempt && kept.owner === (me()?.id ?? '') ? kept.chosen : {}
}

export const keepAnswers = (attempt: string, chosen: Chosen): void => wx.setStorageSync(KEY, { owner: me()?.id ?? '', attempt, chosen } satisfies Kept)

export const forgetAnswers = (): void => wx.removeStorageSync(KEY)
