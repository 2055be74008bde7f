// The `wx` object. An API that is not here throws by name, so a gap shows up as a failing test, not as silence.
import * as router from '../pages/router'
import { storage } from '../storage'
import { calls, stubs } from '../test-hooks'
import { account } from './account'
import { createAnimation } from './animation'
import { createInnerAudioContext } from './audio'
import { CallError, callable, type Implementation } from './call'
import { deviceLater, deviceNow } from './device'
import { dialogs } from './dialogs'
import { arrayBufferToBase64, base64ToArrayBuffer, getFileSystemManager } from './files'
import { createVideoContext, media } from './media'
import { navigation } from './navigation'
import { downloadFile, request, uploadFile } from './transfer'

const stored: Record<string, Implementation> = {
  setStorage: (o) => storage.set(o.key, o.data),
  getStorage: (o) => {
    if (!storage.has(o.key)) throw new CallError('data not found')
    return { data: storage.get(o.key) }
  },
  removeStorage: (o) => storage.remove(o.key),
  clearStorage: storage.clear,
  getStorageInfo: storage.info,
}

const now: Record<string, (...args: any[]) => unknown> = {
  ...deviceNow,
  getStorageSync: storage.get, setStorageSync: storage.set, removeStorageSync: storage.remove, clearStorageSync: storage.clear, getStorageInfoSync: storage.info,
  request, uploadFile, downloadFile,
  getFileSystemManager, arrayBufferToBase64, base64ToArrayBuffer,
  createAnimation, createInnerAudioContext, createVideoContext,
  createSelectorQuery: () => router.current()!.caller.createSelectorQuery(),
  createIntersectionObserver: (component, options) => component.createIntersectionObserver(options),
  createMediaQueryObserver: (component) => component.createMediaQueryObserver(),
  // A microtask: after the handler that asked, before anything is drawn.
  nextTick: queueMicrotask.bind(globalThis),
  canIUse: (name: string) => name.split('.')[0] in api || !/^[a-z]/.test(name),
}

const answers = { ...account, ...navigation, ...dialogs, ...media, ...stored, ...deviceLater }
const api: Record<string, unknown> = {
  env: { USER_DATA_PATH: 'wxfile://usr' },
  ...now,
  ...Object.fromEntries(Object.entries(answers).map(([name, f]) => [name, callable(name, f)])),
}

export const wx: any = new Proxy(api, {
  get(target, name) {
    if (typeof name === 'symbol' || name in target || /^(then|toJSON|__)/.test(name)) return target[name as string]
    if (stubs.has(name)) {
      return (options: any) => {
        calls.push({ name, options })
        return stubs.get(name)!(options)
      }
    }
    throw new Error(`wx.${name} is not implemented by the web host`)
  },
})
