// Gestures a browser does not make by itself: touches from a mouse, and the long press.
// Built-ins and TDesign listen to touches only, so without the first a desktop could not move a picker.
import { trigger } from './env'

function nodeAt(target: EventTarget | null): any {
  let n = target as any
  while (n && !n.__wxElement) n = n.parentNode
  return n?.__wxElement
}

/** Mouse input becomes touch input, as in DevTools' simulator, so pickers and sliders work on a desktop. */
export function emulateTouch(root: HTMLElement) {
  let target: Element | null = null
  const fire = (type: string, e: PointerEvent) => {
    if (!target) return
    const touch = new Touch({ identifier: 1, target, clientX: e.clientX, clientY: e.clientY, pageX: e.pageX, pageY: e.pageY })
    const touches = type === 'touchend' ? [] : [touch]
    target.dispatchEvent(new TouchEvent(type, { touches, targetTouches: touches, changedTouches: [touch], bubbles: true, cancelable: true, composed: true }))
  }
  root.addEventListener('pointerdown', (e) => {
    if (e.pointerType !== 'mouse' || e.button !== 0) return
    target = e.target as Element
    fire('touchstart', e)
  }, true)
  addEventListener('pointermove', (e) => e.pointerType === 'mouse' && fire('touchmove', e), true)
  addEventListener('pointerup', (e) => {
    if (e.pointerType !== 'mouse') return
    fire('touchend', e)
    target = null
  }, true)
}

/** `longpress` (and the older `longtap`) after 350 ms without movement. */
export function emulateLongPress(root: HTMLElement) {
  let timer = 0
  let at = { x: 0, y: 0 }
  root.addEventListener('touchstart', (e) => {
    clearTimeout(timer)
    const t = e.touches[0]
    at = { x: t.clientX, y: t.clientY }
    timer = window.setTimeout(() => {
      const node = nodeAt(e.target)
      if (!node) return
      for (const type of ['longpress', 'longtap']) trigger(node, type, { ...at }, { originalEvent: e, bubbles: true, composed: true, capturePhase: true })
    }, 350)
  }, { capture: true, passive: true })
  const cancel = (e: TouchEvent) => {
    const t = e.changedTouches[0]
    if (e.type !== 'touchmove' || Math.hypot(t.clientX - at.x, t.clientY - at.y) > 10) clearTimeout(timer)
  }
  for (const type of ['touchmove', 'touchend', 'touchcancel'] as const) root.addEventListener(type, cancel, { capture: true, passive: true })
}


/**
 * A tap is heard at `touchend`; the browser's click follows, aimed at whatever lies there by then: a sheet that the tap
 * has just opened, a field of the next page. Such a click belongs to nobody and is dropped.
 */
export function dropGhostClicks(root: HTMLElement) {
  let began: Node | null = null
  root.addEventListener('pointerdown', (e) => (began = e.target as Node), true)
  const check = (e: MouseEvent) => {
    const target = e.target as Node
    if (!e.isTrusted || !e.detail || !began || began.contains(target) || target.contains(began)) return
    e.preventDefault()
    e.stopImmediatePropagation()
  }
  root.addEventListener('mousedown', check, true)
  root.addEventListener('click', check, true)
}
