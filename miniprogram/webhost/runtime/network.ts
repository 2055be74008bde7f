// Whether the phone has a network: the browser's own state, or the test's wish (`__mp.offline(true)`).
type Change = { isConnected: boolean; networkType: 'wifi' | 'none' }

const listeners = new Set<(change: Change) => void>()
let cut = false

export const isOnline = () => !cut && navigator.onLine
export const networkState = (): Change => ({ isConnected: isOnline(), networkType: isOnline() ? 'wifi' : 'none' })
export const onNetwork = (listener: (change: Change) => void) => listeners.add(listener)
export const offNetwork = (listener?: (change: Change) => void) => {
  if (listener) listeners.delete(listener)
  else listeners.clear()
}

const tell = () => listeners.forEach((listener) => listener(networkState()))
export function setOffline(on: boolean) {
  if (cut === on) return
  cut = on
  tell()
}
addEventListener('online', tell)
addEventListener('offline', tell)
