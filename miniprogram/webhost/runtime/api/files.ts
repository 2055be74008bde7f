// wx.getFileSystemManager, as far as files in memory go: facts, reading, keeping, removing. The rest throws by name.
import { find } from '../temp-files'
import { CallError, callable, type Implementation } from './call'

const file = (path: string) => {
  const found = find(path)
  if (!found) throw new CallError(`no such file or directory, access ${path}`, { errno: 1300002 })
  return found
}

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''))
const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')

const operations: Record<string, Implementation> = {
  access: (o) => void file(o.path),
  getFileInfo: async (o) => {
    const { blob } = file(o.filePath)
    const digest = o.digestAlgorithm === 'sha1' || !o.digestAlgorithm ? 'SHA-1' : 'SHA-256'
    return { size: blob.size, digest: hex(new Uint8Array(await crypto.subtle.digest(digest, await blob.arrayBuffer()))) }
  },
  stat: (o) => ({ stats: { size: file(o.path).blob.size, isFile: () => true, isDirectory: () => false } }),
  readFile: async (o) => {
    const from = o.position ?? 0
    const bytes = await file(o.filePath).blob.slice(from, o.length === undefined ? undefined : from + o.length).arrayBuffer()
    const u8 = new Uint8Array(bytes)
    return { data: !o.encoding ? bytes : o.encoding === 'base64' ? base64(u8) : o.encoding === 'hex' ? hex(u8) : new TextDecoder().decode(u8) }
  },
  saveFile: (o) => ({ savedFilePath: file(o.tempFilePath).path }),
  unlink: (o) => void file(o.filePath),
}

const manager: any = new Proxy(Object.fromEntries(Object.entries(operations).map(([name, f]) => [name, callable(name, f)])) as any, {
  get(target, name) {
    if (name in target || typeof name === 'symbol' || /^(then|toJSON)$/.test(name)) return target[name]
    throw new Error(`FileSystemManager.${name} is not implemented by the web host`)
  },
})
export const getFileSystemManager = () => manager

export const arrayBufferToBase64 = (buffer: ArrayBuffer) => base64(new Uint8Array(buffer))
export const base64ToArrayBuffer = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer
