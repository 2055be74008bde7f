// image, video and canvas.
import { labelled } from '../host/node'
import { assetUrl } from '../host/templates'
import { bool, define, dom, listen, str, num, any, type Definition } from './definition'

const FIT: Record<string, string> = {
  scaleToFill: 'object-fit: fill', aspectFit: 'object-fit: contain', aspectFill: 'object-fit: cover',
  widthFix: 'height: auto', heightFix: 'width: auto', center: 'object-fit: none',
  top: 'object-fit: none; object-position: top', bottom: 'object-fit: none; object-position: bottom',
  left: 'object-fit: none; object-position: left', right: 'object-fit: none; object-position: right',
}

const VIDEO_EVENTS = ['play', 'pause', 'ended', 'waiting', 'seeking', 'seeked'] as const

const video: Definition = {
  properties: {
    src: str(), controls: bool(true), poster: str(), autoplay: bool(), loop: bool(), muted: bool(), objectFit: str('contain'), initialTime: num(), direction: any(), title: str(),
    showCenterPlayBtn: bool(true), showPlayBtn: bool(true), showFullscreenBtn: bool(true), showProgress: any(), showMuteBtn: bool(), playBtnPosition: str('bottom'), enablePlayGesture: bool(),
    enableProgressGesture: bool(true), vslideGesture: bool(), vslideGestureInFullscreen: bool(true), pageGesture: bool(), pictureInPictureMode: any(), autoPauseIfNavigate: bool(true), autoPauseIfOpenNative: bool(true), posterForCrawler: str(), danmuList: any(), header: any(),
  },
  observers: {
    'src, poster, controls, loop, muted, autoplay, objectFit'(this: any) {
      this.configure()
    },
  },
  lifetimes: {
    attached(this: any) {
      const el = dom(this, 'el') as HTMLVideoElement
      el.playsInline = true
      el.setAttribute('controlslist', 'nofullscreen')
      this.configure()
      // What the app puts inside goes along into full screen, so it is the whole component that fills the screen.
      const host = dom(this) as HTMLElement
      if (this.data.showFullscreenBtn) {
        const button = labelled('wx-video-full', '全屏', () => void (document.fullscreenElement ? document.exitFullscreen() : host.requestFullscreen()))
        host.append(button)
      }
      host.addEventListener('fullscreenchange', () => this.triggerEvent('fullscreenchange', { fullScreen: document.fullscreenElement === host, direction: 'horizontal' }, {}))
      for (const type of VIDEO_EVENTS) listen(el, type, () => this.triggerEvent(type, {}, {}))
      listen(el, 'timeupdate', () => this.triggerEvent('timeupdate', { currentTime: el.currentTime, duration: el.duration }, {}))
      listen(el, 'progress', () => this.triggerEvent('progress', { buffered: el.buffered.length ? (el.buffered.end(el.buffered.length - 1) / el.duration) * 100 : 0 }, {}))
      listen(el, 'error', () => el.getAttribute('src') && this.triggerEvent('error', { errMsg: 'MEDIA_ERR_SRC_NOT_SUPPORTED' }, {}))
      listen(el, 'loadedmetadata', () => {
        if (this.data.initialTime) el.currentTime = this.data.initialTime
        this.triggerEvent('loadedmetadata', { width: el.videoWidth, height: el.videoHeight, duration: el.duration }, {})
      })
    },
  },
  methods: {
    configure(this: any) {
      const el = dom(this, 'el') as HTMLVideoElement | undefined
      if (!el) return
      const { src, poster, controls, loop, muted, autoplay, objectFit } = this.data
      Object.assign(el, { controls, loop, muted, autoplay })
      el.style.objectFit = objectFit
      const set = (name: string, value: string) => {
        const url = value && assetUrl(value, this)
        if (!url) el.removeAttribute(name)
        else if (el.getAttribute(name) !== url) el.setAttribute(name, url)
      }
      set('src', src)
      set('poster', poster)
    },
  },
}

export function defineMedia() {
  const image: Definition = {
    properties: { src: str(), mode: str('scaleToFill'), lazyLoad: bool(), webp: bool(), showMenuByLongpress: bool(), fadeIn: bool(), forceHttps: bool() },
    data: { shown: '', fit: '' },
    observers: {
      'src, mode'(this: any, src: string, mode: string) {
        this.setData({ shown: src && assetUrl(src, this), fit: FIT[mode] ?? '' })
        dom(this).dataset.mode = mode
      },
    },
    lifetimes: {
      attached(this: any) {
        const el = dom(this, 'el') as HTMLImageElement
        listen(el, 'load', () => this.triggerEvent('load', { width: el.naturalWidth, height: el.naturalHeight }, {}))
        listen(el, 'error', () => el.getAttribute('src') && this.triggerEvent('error', { errMsg: `GET ${this.data.src} failed` }, {}))
      },
    },
  }
  define('image', 'image', image)
  define('cover-image', 'image', image)

  define('canvas', 'canvas', {
    properties: { type: str(), canvasId: str(), disableScroll: bool() },
    lifetimes: {
      created(this: any) {
        // Made outside the framework: a node the framework owns refers back to it, and setData would copy all of that.
        const el = dom(this, 'el').appendChild(document.createElement('canvas'))
        Object.assign(el, { createImage: () => new Image(), requestAnimationFrame: (f: FrameRequestCallback) => requestAnimationFrame(f), cancelAnimationFrame: (id: number) => cancelAnimationFrame(id) })
      },
    },
  })
  define('video', 'video', video)
}
