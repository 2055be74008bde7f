// Choosing, looking at and saving pictures, videos and documents.
import { chooseFiles } from '../host/file-chooser'
import { previewDocument, previewMedia } from '../host/preview'
import { find, keep, loadable, type TempFile } from '../temp-files'
import { CallError, type Implementation } from './call'

async function choose(accept: string, count: number): Promise<(TempFile & { file: File })[]> {
  const files = await chooseFiles(accept, count)
  if (!files.length) throw new CallError('cancel')
  return files.map((file) => ({ ...keep(file, file.name), file }))
}

const imageSize = (url: string): Promise<{ width: number; height: number }> =>
  new Promise((done, fail) => {
    const image = new Image()
    image.onload = () => done({ width: image.naturalWidth, height: image.naturalHeight })
    image.onerror = () => fail(new CallError('image not found'))
    image.src = url
  })

const videoFacts = (url: string): Promise<{ width: number; height: number; duration: number }> =>
  new Promise((done, fail) => {
    const video = document.createElement('video')
    video.onloadedmetadata = () => done({ width: video.videoWidth, height: video.videoHeight, duration: video.duration })
    video.onerror = () => fail(new CallError('video not found'))
    video.src = url
  })

async function mediaFile({ file, path, url }: TempFile & { file: File }) {
  const base = { tempFilePath: path, size: file.size }
  if (!file.type.startsWith('video')) return { ...base, fileType: 'image', ...(await imageSize(url).catch(() => ({ width: 0, height: 0 }))) }
  return { ...base, fileType: 'video', thumbTempFilePath: '', ...(await videoFacts(url).catch(() => ({ width: 0, height: 0, duration: 0 }))) }
}

const messageAccept = (o: any) =>
  o.extension?.length ? o.extension.map((e: string) => (e.startsWith('.') ? e : `.${e}`)).join() : ({ image: 'image/*', video: 'video/*' } as Record<string, string>)[o.type] ?? '*/*'
const kindOf = (file: File) => (file.type.startsWith('image/') ? 'image' : file.type.startsWith('video/') ? 'video' : 'file')

/** The album of a browser is its downloads. */
const saved = (name: string) => (o: any) => {
  const file = find(o.filePath)
  if (!file && !/^(\.|\/|blob:)/.test(o.filePath)) throw new CallError(`${name}: file not found`)
  Object.assign(document.createElement('a'), { href: loadable(o.filePath), download: file?.name ?? '' }).click()
}

export const media: Record<string, Implementation> = {
  chooseMedia: async (o) => {
    const kinds: string[] = o.mediaType?.includes('mix') ? ['image', 'video'] : o.mediaType ?? ['image', 'video']
    const tempFiles = await Promise.all((await choose(kinds.map((kind) => `${kind}/*`).join(), o.count ?? 9)).map(mediaFile))
    const types = new Set(tempFiles.map((f) => f.fileType))
    return { type: types.size > 1 ? 'mix' : [...types][0], tempFiles }
  },
  chooseImage: async (o) => {
    const files = await choose('image/*', o.count ?? 9)
    return { tempFiles: files.map(({ path, file }) => ({ path, size: file.size })), tempFilePaths: files.map((f) => f.path) }
  },
  chooseVideo: async () => {
    const [{ path, url, file }] = await choose('video/*', 1)
    return { tempFilePath: path, size: file.size, ...(await videoFacts(url)) }
  },
  chooseMessageFile: async (o) => ({
    tempFiles: (await choose(messageAccept(o), o.count ?? 100)).map(({ file, path }) => ({ path, size: file.size, name: file.name, type: kindOf(file), time: Math.floor(file.lastModified / 1000) })),
  }),
  previewImage: (o) => {
    const urls: string[] = o.urls ?? []
    void previewMedia(urls.map((url) => ({ url })), typeof o.current === 'number' ? o.current : urls.indexOf(o.current))
  },
  previewMedia: (o) => {
    void previewMedia(o.sources, o.current ?? 0)
  },
  openDocument: (o) => {
    if (!find(o.filePath)) throw new CallError('file doesn\'t exist')
    void previewDocument(o.filePath, o.fileType)
  },
  compressImage: (o) => ({ tempFilePath: o.src }),
  compressVideo: (o) => ({ tempFilePath: o.src, size: Math.round((find(o.src)?.blob.size ?? 0) / 1024) }),
  getImageInfo: async (o) => ({ ...(await imageSize(loadable(o.src))), path: o.src, type: /\.(\w+)$/.exec(o.src)?.[1] ?? 'unknown', orientation: 'up' }),
  getVideoInfo: async (o) => {
    const facts = await videoFacts(loadable(o.src))
    return { ...facts, orientation: 'up', type: 'mp4', size: Math.round((find(o.src)?.blob.size ?? 0) / 1024), fps: 30, bitrate: 0 }
  },
  canvasToTempFilePath: (o) =>
    new Promise((done, fail) => o.canvas.toBlob((blob: Blob | null) => (blob ? done({ tempFilePath: keep(blob).path }) : fail(new CallError('canvas is empty'))), `image/${o.fileType === 'jpg' ? 'jpeg' : 'png'}`, o.quality)),
  saveImageToPhotosAlbum: saved('saveImageToPhotosAlbum'),
  saveVideoToPhotosAlbum: saved('saveVideoToPhotosAlbum'),
}

/** wx.createVideoContext: the same element, reached by the id it has in the page. */
export function createVideoContext(id: string) {
  const element = () => document.querySelector<HTMLVideoElement>(`.mp-page-shell:not([hidden]) [data-wx-id="${CSS.escape(id)}"] video`)
  return {
    play: () => void element()?.play().catch(() => undefined),
    pause: () => element()?.pause(),
    stop: () => {
      const video = element()
      video?.pause()
      if (video) video.currentTime = 0
    },
    seek: (seconds: number) => {
      const video = element()
      if (video) video.currentTime = seconds
    },
    playbackRate: (rate: number) => {
      const video = element()
      if (video) video.playbackRate = rate
    },
    requestFullScreen: () => void element()?.closest('wx-video')?.requestFullscreen().catch(() => undefined),
    exitFullScreen: () => void document.exitFullscreen().catch(() => undefined),
  }
}
