import { apiBase } from '../config'
import { headersOf, withSession } from './http'
import { noAnswer, Problem, readProblem } from './problem'
import type { Attachment } from './tickets'

const MIB = 1024 * 1024

/** The server's own rules, told before a long upload instead of after it. */
const rules: Record<string, { max: number; words: string }> = {
  jpg: { max: 20 * MIB, words: '图片不超过 20 MB' },
  jpeg: { max: 20 * MIB, words: '图片不超过 20 MB' },
  png: { max: 20 * MIB, words: '图片不超过 20 MB' },
  webp: { max: 20 * MIB, words: '图片不超过 20 MB' },
  mp4: { max: 100 * MIB, words: '视频不超过 100 MB' },
  mov: { max: 100 * MIB, words: '视频不超过 100 MB' },
  pdf: { max: 20 * MIB, words: 'PDF 不超过 20 MB' },
}

/** Why this file cannot be taken, or nothing. A name without an ending is left for the server to judge. */
export function refusal(name: string, size: number): string {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase()
  if (size === 0) return '文件是空的'
  if (!ending) return ''
  const rule = rules[ending]
  if (!rule) return '只收图片、视频和 PDF'
  return size > rule.max ? rule.words : ''
}

export function upload(filePath: string, key: string, onProgress: (percent: number) => void): Promise<Attachment> {
  return withSession(
    (token) =>
      new Promise((resolve, reject) => {
        const task = wx.uploadFile({
          url: `${apiBase}/attachments`,
          filePath,
          name: 'file',
          header: headersOf({ key }, token),
          timeout: 300_000,
          success({ statusCode, data }) {
            const body = parse(data)
            if (statusCode >= 200 && statusCode < 300 && body) resolve(body as Attachment)
            else reject(readProblem(statusCode, body, {}))
          },
          fail: ({ errMsg }) => reject(noAnswer(errMsg.includes('timeout'))),
        })
        task.onProgressUpdate(({ progress }) => onProgress(progress))
      }),
  )
}

function parse(text: string): object | null {
  try {
    return JSON.parse(text) as object
  } catch {
    return null
  }
}

/** An <image> cannot carry a token, so a file is fetched once and shown from the phone. */
const fetched = new Map<string, Promise<string>>()

export function localPath(id: string): Promise<string> {
  let path = fetched.get(id)
  if (!path) {
    path = withSession((token) => download(id, token))
    fetched.set(id, path)
    path.catch(() => fetched.delete(id))
  }
  return path
}

/** The next person on this phone must not be shown these from memory. */
export const forgetFiles = (): void => fetched.clear()

const download = (id: string, token: string): Promise<string> =>
  new Promise((resolve, reject) => {
    wx.downloadFile({
      url: `${apiBase}/attachments/${id}`,
      header: headersOf({}, token),
      timeout: 300_000,
      success({ statusCode, tempFilePath }) {
        if (statusCode === 200 || statusCode === 206) resolve(tempFilePath)
        else reject(statusCode === 404 ? new Problem(404, 'NOT_FOUND', '附件不在了') : readProblem(statusCode, null, {}))
      },
      fail: ({ errMsg }) => reject(noAnswer(errMsg.includes('timeout'))),
    })
  })

export const sizeWords = (bytes: number): string =>
  bytes >= MIB ? `${(bytes / MIB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`

export const kindOf = (mediaType: string): 'image' | 'video' | 'file' =>
  mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('video/') ? 'video' : 'file'
