// wx.request, wx.uploadFile, wx.downloadFile: tasks that report progress and can be aborted.
import { isOnline } from '../network'
import { find, keep } from '../temp-files'
import { calls, stubbed } from '../test-hooks'
import { target } from '../visitor'
import { CallError, settle, type Options } from './call'

const TIMEOUT = 60_000
const UNREACHABLE = { errno: 600001 }

type Listeners = Record<'progress' | 'headers', Set<(detail: any) => void>>

/** Runs a transfer and gives back its task. `start` gets what aborts it and where to report. */
function task(name: string, o: Options, start: (signal: AbortSignal, tell: (kind: keyof Listeners, detail: unknown) => void) => Promise<Options>) {
  const on: Listeners = { progress: new Set(), headers: new Set() }
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(new CallError('timeout', { errno: 5 })), o.timeout ?? TIMEOUT)
  const attempt = async () => {
    if (!isOnline()) throw new CallError('net::ERR_INTERNET_DISCONNECTED', UNREACHABLE)
    return (await stubbed(name, () => start(signal, (kind, detail) => on[kind].forEach((f) => f(detail))), o)) as Options
  }
  const running = attempt()
    .then((result) => ({ errMsg: `${name}:ok`, ...result }))
    .catch((e) => {
      const cause = signal.aborted ? signal.reason : e
      const known = cause instanceof CallError ? cause : new CallError(cause?.message ?? String(cause), UNREACHABLE)
      throw Object.assign(new Error(known.reason), known.extra, { errMsg: `${name}:fail ${known.reason}` })
    })
    .finally(() => clearTimeout(timer))
  settle(running, o)
  return {
    abort: () => controller.abort(new CallError('abort')),
    onProgressUpdate: (f: any) => on.progress.add(f), offProgressUpdate: (f: any) => (f ? on.progress.delete(f) : on.progress.clear()),
    onHeadersReceived: (f: any) => on.headers.add(f), offHeadersReceived: (f: any) => (f ? on.headers.delete(f) : on.headers.clear()),
    onChunkReceived() {}, offChunkReceived() {},
  }
}

const lowerCase = (header: Options = {}) => Object.fromEntries(Object.entries(header).map(([k, v]) => [k.toLowerCase(), String(v)]))

export function request(o: Options) {
  calls.push({ name: 'request', options: { url: o.url, method: o.method, data: o.data, header: o.header } })
  return task('request', o, async (signal, tell) => {
    const method = (o.method ?? 'GET').toUpperCase()
    const headers: Record<string, string> = { 'content-type': 'application/json', ...lowerCase(o.header) }
    let url = target(o.url)
    let body: BodyInit | undefined
    if (method === 'GET' || method === 'HEAD') {
      const q = new URLSearchParams(Object.entries(o.data ?? {}).filter(([, v]) => v !== undefined).map(([k, v]) => [k, String(v)])).toString()
      if (q) url += (url.includes('?') ? '&' : '?') + q
      delete headers['content-type']
    } else if (o.data !== undefined) {
      body = typeof o.data === 'string' || o.data instanceof ArrayBuffer ? o.data
        : headers['content-type'].includes('x-www-form-urlencoded') ? new URLSearchParams(o.data) : JSON.stringify(o.data)
    }
    // A mini-program keeps no cookie jar.
    const answer = await fetch(url, { method, headers, body, signal, credentials: 'omit' })
    const header = Object.fromEntries(answer.headers)
    tell('headers', { header, statusCode: answer.status, cookies: [] })
    let data: unknown = o.responseType === 'arraybuffer' ? await answer.arrayBuffer() : await answer.text()
    if (typeof data === 'string' && (o.dataType ?? 'json') === 'json') {
      try {
        data = JSON.parse(data)
      } catch {
        // WeChat, too, leaves a body it cannot parse as text.
      }
    }
    return { data, statusCode: answer.status, header, cookies: [] }
  })
}

export function uploadFile(o: Options) {
  calls.push({ name: 'uploadFile', options: { url: o.url, name: o.name, formData: o.formData, header: o.header } })
  return task('uploadFile', o, async (signal, tell) => {
    const file = find(o.filePath)
    if (!file) throw new CallError(`createUploadTask:fail file not found ${o.filePath}`)
    const form = new FormData()
    for (const [k, v] of Object.entries(o.formData ?? {})) form.append(k, String(v))
    form.append(o.name, file.blob, file.name)
    return new Promise((done, fail) => {
      // fetch() reports no progress of what it sends.
      const xhr = new XMLHttpRequest()
      xhr.open('POST', target(o.url))
      for (const [k, v] of Object.entries(lowerCase(o.header))) if (k !== 'content-type') xhr.setRequestHeader(k, v)
      xhr.upload.onprogress = (e) => tell('progress', { progress: Math.round((e.loaded / e.total) * 100), totalBytesSent: e.loaded, totalBytesExpectedToSend: e.total })
      xhr.onload = () => done({ statusCode: xhr.status, data: xhr.responseText })
      xhr.onerror = () => fail(new CallError('net::ERR_FAILED', UNREACHABLE))
      signal.addEventListener('abort', () => {
        xhr.abort()
        fail(signal.reason)
      })
      xhr.send(form)
    })
  })
}

export function downloadFile(o: Options) {
  calls.push({ name: 'downloadFile', options: { url: o.url, header: o.header } })
  return task('downloadFile', o, async (signal, tell) => {
    const answer = await fetch(target(o.url), { headers: o.header, signal, credentials: 'omit' })
    tell('headers', { header: Object.fromEntries(answer.headers), statusCode: answer.status })
    const total = Number(answer.headers.get('content-length')) || 0
    const parts: Uint8Array<ArrayBuffer>[] = []
    let got = 0
    for (const reader = answer.body!.getReader(); ; ) {
      const { value, done } = await reader.read()
      if (done) break
      parts.push(value)
      got += value.length
      tell('progress', { progress: total ? Math.round((got / total) * 100) : 0, totalBytesWritten: got, totalBytesExpectedToWrite: total })
    }
    const type = answer.headers.get('content-type') ?? ''
    const name = /filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get('content-disposition') ?? '')?.[1]
    const file = keep(new Blob(parts, { type }), name ? decodeURIComponent(name) : new URL(target(o.url), location.href).pathname.split('/').pop())
    return { statusCode: answer.status, tempFilePath: file.path, ...(o.filePath ? { filePath: file.path } : {}), dataLength: got }
  })
}
