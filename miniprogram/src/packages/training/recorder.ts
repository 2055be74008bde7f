import { flush, isKnown, note, openPlayer, sendLeftovers, unsent, type Queue, type Unnumbered } from '../../services/beats'
import type { Progress } from '../../services/learning'
import { explain, isCode, Problem } from '../../services/problem'

/** What a page is told while the server hears what was watched or read. */
export interface Listener {
  /** What counts, as the server says it. */
  heard: (p: Progress) => void
  /** Seconds that wait on this phone for a network; 0: everything was heard. `known`: the server has heard of this player. */
  waiting: (seconds: number, known: boolean) => void
  /** Another device has taken over: what plays here does not count until this one is opened again. */
  elsewhere: () => void
  /** Something that a person should know, in a line. */
  say: (line: string) => void
}

const waitingWords = (seconds: number): string => (seconds ? `有 ${seconds} 秒还没传上，先记在手机上；连上网就补，不会丢。` : '')
/** Nothing that is played now would count. */
const UNKNOWN = '还没和服务器接上，接上之前看的算不进去；等这行字没了再看。'

interface Recording {
  data: { waiting: string }
  setData: (part: { waiting?: string; notice?: string }) => void
  heard: (p: Progress) => void
}

/** What every page does with what it is told. */
export const listening = (page: Recording): Listener => ({
  heard: (p) => page.heard(p),
  waiting: (seconds, known) => {
    const waiting = known ? waitingWords(seconds) : UNKNOWN
    if (waiting !== page.data.waiting) page.setData({ waiting })
  },
  elsewhere: () => page.setData({ notice: '你在别的地方打开了别的内容，这里先不计时；退出再进来就接着算。' }),
  say: (line) => void wx.showToast({ title: line, icon: 'none' }),
})

/** Said once, when the last that counts was heard. */
export const sayDone = (p: Progress): void => void wx.showToast({ title: p.course.completed ? '整门课学完了' : '这一项学完了' })

/** Hands what a page notes to the server: at once, or when there is a network again. */
export class Recorder {
  private queue: Queue | null = null
  private closed = false

  constructor(private readonly material: string, private readonly listener: Listener) {
    wx.onNetworkStatusChange(this.onNetwork)
  }

  private readonly onNetwork = (): void => void this.send()

  /** Takes over from any other player. What earlier visits left on this phone is handed in first: afterwards it would not count. */
  async open(first: Unnumbered): Promise<void> {
    const lost = await sendLeftovers()
    if (lost >= 1) this.listener.say(`有 ${Math.round(lost)} 秒没算上：那之后你在别处接着看了`)
    if (this.closed) return
    this.queue = openPlayer(this.material)
    this.note(first)
  }

  get isOpen(): boolean {
    return this.queue !== null
  }

  note(beat: Unnumbered): void {
    if (!this.queue) return
    note(this.queue, beat)
    void this.send()
  }

  private async send(): Promise<void> {
    const { queue } = this
    if (!queue) return
    try {
      const progress = await flush(queue)
      if (progress && queue === this.queue) this.listener.heard(progress)
    } catch (e) {
      if (queue !== this.queue) return
      if (isCode(e, 'PLAYER_ELSEWHERE')) {
        this.queue = null
        this.listener.elsewhere()
      } else if (!(e instanceof Problem && e.unanswered)) this.listener.say(explain(e))
    }
    this.listener.waiting(this.queue ? Math.round(unsent(this.queue)) : 0, !this.queue || isKnown(this.queue))
  }

  /** Leaving the page; what is still kept goes with the next visit. */
  close(): void {
    this.closed = true
    this.queue = null
    wx.offNetworkStatusChange(this.onNetwork)
  }
}
