/** One heartbeat for everything that counts down; it stops when nothing listens. */
type Listener = () => void

const listeners = new Set<Listener>()
let timer = 0

export function onTick(listener: Listener): () => void {
  listeners.add(listener)
  timer ||= setInterval(() => listeners.forEach((f) => f()), 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size || !timer) return
    clearInterval(timer)
    timer = 0
  }
}
