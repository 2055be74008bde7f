// wx.createInnerAudioContext: a voice without a picture, over the browser's own <audio>.
import { loadable } from '../temp-files'
import { target } from '../visitor'

const EVENTS = { Canplay: 'canplay', Play: 'play', Pause: 'pause', Ended: 'ended', TimeUpdate: 'timeupdate', Waiting: 'waiting', Seeking: 'seeking', Seeked: 'seeked' } as const

export function createInnerAudioContext() {
  const audio = new Audio()
  const stops = new Set<() => void>()
  const errors = new Set<(e: unknown) => void>()
  let started = false
  audio.addEventListener('error', () => audio.getAttribute('src') && errors.forEach((f) => f({ errCode: 10002, errMsg: 'network error' })))
  const context: any = {
    startTime: 0,
    get src() {
      return audio.src
    },
    set src(url: string) {
      audio.src = target(loadable(url))
      started = false
    },
    get currentTime() {
      return audio.currentTime
    },
    get duration() {
      return audio.duration || 0
    },
    get paused() {
      return audio.paused
    },
    get playbackRate() {
      return audio.playbackRate
    },
    set playbackRate(rate: number) {
      audio.playbackRate = rate
    },
    play: () => {
      if (!started) audio.currentTime = context.startTime
      started = true
      void audio.play().catch(() => undefined)
    },
    pause: () => audio.pause(),
    stop: () => {
      audio.pause()
      audio.currentTime = 0
      stops.forEach((f) => f())
    },
    seek: (seconds: number) => {
      started = true
      audio.currentTime = seconds
    },
    destroy: () => {
      audio.pause()
      audio.removeAttribute('src')
      stops.clear()
      errors.clear()
    },
    onStop: (f: () => void) => stops.add(f), offStop: (f: () => void) => stops.delete(f),
    onError: (f: () => void) => errors.add(f), offError: (f: () => void) => errors.delete(f),
  }
  for (const [name, type] of Object.entries(EVENTS)) {
    context[`on${name}`] = (f: () => void) => audio.addEventListener(type, () => f())
    context[`off${name}`] = () => undefined
  }
  return context
}
