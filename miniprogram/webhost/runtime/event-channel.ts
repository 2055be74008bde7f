// The two ends of wx.navigateTo's event channel: what one page emits, the other hears.
// Events sent before the other end listens are kept for it, as the opener usually speaks first.
type Handler = (...args: any[]) => void

export class EventChannel {
  peer?: EventChannel
  private handlers = new Map<string, { handler: Handler; once: boolean }[]>()
  private waiting: { name: string; args: unknown[] }[] = []

  on(name: string, handler: Handler, once = false) {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), { handler, once }])
    const due = this.waiting.filter((w) => w.name === name)
    this.waiting = this.waiting.filter((w) => w.name !== name)
    due.forEach((w) => this.hear(name, w.args))
  }
  once(name: string, handler: Handler) {
    this.on(name, handler, true)
  }
  off(name: string, handler?: Handler) {
    this.handlers.set(name, (this.handlers.get(name) ?? []).filter((h) => handler && h.handler !== handler))
  }
  emit(name: string, ...args: unknown[]) {
    this.peer?.hear(name, args)
  }
  private hear(name: string, args: unknown[]) {
    const list = this.handlers.get(name) ?? []
    if (!list.length) return void this.waiting.push({ name, args })
    this.handlers.set(name, list.filter((h) => !h.once))
    list.forEach((h) => h.handler(...args))
  }
}

/** One channel: the opener's end, with its `events` already listening, and the opened page's end. */
export function channelPair(events: Record<string, Handler> = {}) {
  const opener = new EventChannel()
  const opened = new EventChannel()
  opener.peer = opened
  opened.peer = opener
  for (const [name, handler] of Object.entries(events)) opener.on(name, handler)
  return { opener, opened }
}
