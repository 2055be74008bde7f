/** What the page can do with a recording, seen or only heard. */
export interface Tape {
  play: () => void
  pause: () => void
  seek: (seconds: number) => void
  rate: (rate: number) => void
  close: () => void
}

export interface Heard {
  playing: (playing: boolean) => void
  time: (at: number) => void
  ended: () => void
  failed: () => void
}

/** The page's own <video>, which tells its events to the page itself. */
export function videoTape(id: string, page: WechatMiniprogram.Page.TrivialInstance): Tape {
  const video = wx.createVideoContext(id, page)
  return { play: () => video.play(), pause: () => video.pause(), seek: (s) => video.seek(s), rate: (r) => video.playbackRate(r), close: () => undefined }
}

/** A voice without a picture; it plays on with the ring switch off, as a video does. */
export function audioTape(src: string, start: number, on: Heard): Tape {
  const audio = wx.createInnerAudioContext()
  audio.src = src
  audio.startTime = start
  audio.onPlay(() => on.playing(true))
  audio.onPause(() => on.playing(false))
  audio.onStop(() => on.playing(false))
  audio.onEnded(() => on.ended())
  audio.onTimeUpdate(() => on.time(audio.currentTime))
  audio.onError(() => on.failed())
  void wx.setInnerAudioOption({ obeyMuteSwitch: false })
  return { play: () => audio.play(), pause: () => audio.pause(), seek: (s) => audio.seek(s), rate: (r) => (audio.playbackRate = r), close: () => audio.destroy() }
}
