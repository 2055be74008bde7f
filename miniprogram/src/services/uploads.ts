import { apiBase } from '../config'
import { call, headersOf, newKey, withSession } from './http'
import { headerOf, isCode, noAnswer, Problem, readProblem } from './problem'

/**
 * Files of courses, in pieces: what has arrived counts, and after a broken network it goes on from there. The server
 * looks at the whole when the last byte has come.
 */
const PIECE = 1024 * 1024
const PIECE_TIMEOUT = 120_000
/** So often in a row a piece may fail before the person is asked. */
const PATIENCE = 3
const PAUSE = 1500

const TYPES: Record<string, string> = {
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', mp4: 'video/mp4', mov: 'video/quicktime', m4a: 'audio/mp4', mp3: 'audio/mpeg', pdf: 'application/pdf',
}

export interface Picked {
  path: string
  /** With its ending, which says what it is. */
  name: string
  size: number
}

/** A file on its way. */
export interface Sending {
  key: string
  file: Picked
  /** Once it was announced. */
  id: string
  done: boolean
}

export const sendingOf = (file: Picked): Sending => ({ key: newKey(), file, id: '', done: false })

interface Upload {
  id: string
  offset: number
  ready: boolean
}

async function announced(s: Sending): Promise<Upload> {
  if (s.id) return call({ method: 'GET', path: `/uploads/${s.id}` })
  const { name, size } = s.file
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const media_type = TYPES[ending]
  if (!media_type) throw new Problem(415, 'ATTACHMENT_TYPE', '这种文件用不了', '课程可以用 MP4、MOV、MP3、M4A、PDF，以及 JPG、PNG、WebP 图片')
  const upload = await call<Upload>({ method: 'POST', path: '/uploads', body: { name, size, media_type }, key: s.key })
  s.id = upload.id
  return upload
}

const piece = (path: string, position: number, length: number): Promise<ArrayBuffer> =>
  new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath: path,
      position,
      length,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: () => reject(new Problem(400, 'FILE_GONE', '文件读不出来了', '请重新选一次')),
    })
  })

/** Returns how far it is now. */
const put = (id: string, offset: number, data: ArrayBuffer): Promise<number> =>
  withSession(
    (token) =>
      new Promise((resolve, reject) => {
        wx.request({
          url: `${apiBase}/uploads/${id}`,
          method: 'POST',
          data,
          header: { ...headersOf({}, token), 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), 'x-http-method-override': 'PATCH' },
          timeout: PIECE_TIMEOUT,
          success: ({ statusCode, data: body, header }) => (statusCode === 204 ? resolve(Number(headerOf(header, 'upload-offset'))) : reject(readProblem(statusCode, body, header))),
          fail: ({ errMsg }) => reject(noAnswer(errMsg.includes('timeout'))),
        })
      }),
  )

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, PAUSE))
const mayGoOn = (e: unknown): boolean => isCode(e, 'UPLOAD_OFFSET_WRONG') || (e instanceof Problem && e.unanswered)

/** Sends what has not arrived yet. Called again after a failure, it goes on; `tell` hears how many bytes are there. */
async function finish(s: Sending, tell: (bytes: number) => void): Promise<void> {
  let upload = await announced(s)
  for (let failed = 0; !upload.ready; ) {
    tell(upload.offset)
    try {
      const offset = await put(s.id, upload.offset, await piece(s.file.path, upload.offset, Math.min(PIECE, s.file.size - upload.offset)))
      upload = { ...upload, offset, ready: offset >= s.file.size }
      failed = 0
    } catch (e) {
      if (!mayGoOn(e) || ++failed >= PATIENCE) throw e
      await pause()
      upload = await announced(s)
    }
  }
  s.done = true
}

/** Sends all of them, one after the other; `tell` hears the percentage of the whole. Returns their ids. */
export async function sendAll(all: readonly Sending[], tell: (percent: number) => void): Promise<string[]> {
  const whole = Math.max(1, all.reduce((sum, s) => sum + s.file.size, 0))
  let before = 0
  for (const s of all) {
    if (!s.done) await finish(s, (bytes) => tell(Math.floor(((before + bytes) * 100) / whole)))
    before += s.file.size
    tell(Math.floor((before * 100) / whole))
  }
  return all.map((s) => s.id)
}
