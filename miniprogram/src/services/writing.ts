import { me } from './session'

/** An item of a course that is being written and is not saved yet: one at a time, of one person. */
const KEY = 'writing'

export interface Writing {
  title: string
  words: string
  /** Of what plays. */
  captions?: string
}

interface Kept extends Writing {
  owner: string
  item: string
}

export function openWriting(item: string): Writing | null {
  const kept = (wx.getStorageSync(KEY) as Kept | '') || null
  return kept?.item === item && kept.owner === (me()?.id ?? '') ? kept : null
}

export const keepWriting = (item: string, writing: Writing): void => wx.setStorageSync(KEY, { owner: me()?.id ?? '', item, ...writing } satisfies Kept)

export const forgetWriting = (): void => wx.removeStorageSync(KEY)
