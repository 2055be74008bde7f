import { newKey } from './http'
import { sendBeats, type Beat, type Progress } from './learning'
import { isCode, Problem } from './problem'
import { me } from './session'

/**
 * What was watched or read, on its way to the server. A beat is kept on the phone until the server answers, in the
 * order of its number, so that a dead network loses nothing; what was kept goes as one list. The server credits only as
 * much time as has passed since the player was opened, whenever it hears of it.
 */
const KEY = 'beats'
/** As many as one list may hold; two thousand seconds and more of watching. */
const LIST = 200
/** Beyond this the oldest are given up: a phone that was offline for five hours of playing. */
const KEPT = 2000

export interface Queue {
  owner: string
  material: string
  player: string
  /** The number of the last beat that was made. */
  seq: number
  beats: Beat[]
}

type Queues = Record<string, Queue>

let kept: Queues | null = null

const all = (): Queues => (kept ??= (wx.getStorageSync(KEY) as Queues | '') || {})

function write(): void {
  const left = Object.entries(all()).filter(([, q]) => q.beats.length)
  if (left.length) wx.setStorageSync(KEY, Object.fromEntries(left))
  else wx.removeStorageSync(KEY)
}

/** A new player, which takes over from any other of this person. */
export function openPlayer(material: string): Queue {
  const queue: Queue = { owner: me()?.id ?? '', material, player: newKey(), seq: 0, beats: [] }
  all()[queue.player] = queue
  return queue
}

/** A beat without its number; numbers are given in the order in which things happened. */
export type Unnumbered = { from: number; to: number; position: number } | { dwell_seconds: number; page?: number }

export function note(queue: Queue, beat: Unnumbered): void {
  queue.seq += 1
  queue.beats.push({ seq: queue.seq, ...beat })
  if (queue.beats.length > KEPT) queue.beats.splice(0, queue.beats.length - KEPT)
  write()
}

const sending = new Map<string, Promise<Progress | null>>()

/** Sends what is kept. `null`: nothing to send. A second call while one is under way joins it. */
export function flush(queue: Queue): Promise<Progress | null> {
  const running = sending.get(queue.player) ?? deliver(queue).finally(() => sending.delete(queue.player))
  sending.set(queue.player, running)
  return running
}

async function deliver(queue: Queue): Promise<Progress | null> {
  let last: Progress | null = null
  while (queue.beats.length) {
    const part = queue.beats.slice(0, LIST)
    const end = part[part.length - 1]?.seq ?? 0
    try {
      last = await sendBeats(queue.material, queue.player, part)
    } catch (e) {
      // A clear no will be no next time too. Only a missing answer, a busy server or a missing session may be asked again.
      const clear = e instanceof Problem && !e.unanswered && ![401, 428, 429].includes(e.status)
      if (clear) drop(queue)
      throw e
    }
    queue.beats = queue.beats.filter((b) => b.seq > end)
    write()
  }
  return last
}

function drop(queue: Queue): void {
  queue.beats = []
  write()
}

/** Seconds that the server has not heard of yet. */
export const unsent = (queue: Queue): number => queue.beats.reduce((sum, b) => sum + ('dwell_seconds' in b ? b.dwell_seconds : b.to - b.from), 0)

/** The server earns nothing for a player that it has not heard of: what is played before that is not counted. */
export const isKnown = (queue: Queue): boolean => queue.beats[0]?.seq !== 1

/**
 * What earlier visits left on this phone, before a new player takes over and makes it worthless.
 * @returns seconds that were refused, because the person went on watching elsewhere meanwhile.
 */
export async function sendLeftovers(): Promise<number> {
  let lost = 0
  for (const queue of Object.values(all())) {
    if (!queue.beats.length || queue.owner !== me()?.id) continue
    const seconds = unsent(queue)
    try {
      await flush(queue)
    } catch (e) {
      if (isCode(e, 'PLAYER_ELSEWHERE')) lost += seconds
    }
  }
  return lost
}

/** Whoever signs out leaves nothing on this phone. */
export function forgetBeats(): void {
  kept = {}
  wx.removeStorageSync(KEY)
}
