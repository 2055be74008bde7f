import type { RecordItem, Signature } from '../../services/agreement'
import type { Attachment } from '../../services/ticket-types'
import { now } from '../../services/server-time'
import { ipWords, itemStates, type Word } from '../../words/agreement'
import { timeWords } from '../../words/time'

/** The last round of each item is what counts; the earlier ones stay as its past. */
export interface ItemView {
  number: number
  title: string
  name: string
  ip: string
  word: Word
  files: Attachment[]
  digest: string
  note: string
  provided: string
  decided: string
  past: string[]
  state: RecordItem['state']
}

export const latestItems = (items: readonly RecordItem[]): RecordItem[] => items.filter((i) => !items.some((o) => o.number === i.number && o.round > i.round))

export const signedWords = (s: Signature | null): string => (s ? `${s.by?.display_name ?? '纸质签署'} ${timeWords(s.at, now())}` : '')

export const itemViews = (items: readonly RecordItem[]): ItemView[] =>
  latestItems(items).map((i): ItemView => ({
    number: i.number,
    title: i.title,
    name: i.name ?? '',
    ip: i.ip_label ? ipWords[i.ip_label].title : '',
    word: itemStates[i.state],
    files: i.attachment ? [i.attachment] : [],
    digest: i.sha256 ?? '',
    note: i.note ?? '',
    provided: signedWords(i.provided),
    decided: i.decided ? `${signedWords(i.decided)} ${i.state === 'rejected' ? '退回' : '通过'}${i.reason ? `：${i.reason}` : ''}` : '',
    past: items.filter((o) => o.number === i.number && o.round < i.round).map((o) => `第 ${o.round} 次退回${o.reason ? `：${o.reason}` : ''}`),
    state: i.state,
  }))
