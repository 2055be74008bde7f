// How a built-in is defined: with the same Component() API the mini-program uses, plus what all of them share
// (hidden, aria-*, hover classes, animation).
import { codeSpace, space } from '../env'
import { template } from '../host/templates'

export type Definition = Record<string, any>

export const str = (value = '') => ({ type: String, value })
export const bool = (value = false) => ({ type: Boolean, value })
export const num = (value = 0) => ({ type: Number, value })
export const any = (value: unknown = null) => ({ type: null, value })

export const dom = (self: any, id?: string): any => (id ? self._$.$[id]?.$$ : self._$.$$)
/** A native listener on an inner element; the raw DOM event goes no further, only ours is seen outside. */
export const listen = (element: HTMLElement, type: string, fn: (e: any) => void) =>
  element.addEventListener(type, (e) => {
    e.stopPropagation()
    fn(e)
  })
/** All built-in descendants of one kind, in document order, as component instances. */
export const within = (self: any, tags: string): any[] =>
  Array.from(dom(self).querySelectorAll(tags) as NodeListOf<any>, (el) => el.__wxElement?.getMethodCaller()).filter(Boolean)
export const closest = (self: any, tag: string) => dom(self).closest(tag)?.__wxElement?.getMethodCaller()

const HIDE = 3 // style segment reserved for temporary overrides
const HOVER = 3 // class segment, likewise
const PLAY = 1 // style segment that wx.createAnimation writes

const ARIA = ['Label', 'Hidden', 'Disabled', 'Checked', 'Live', 'Labelledby', 'Describedby', 'Busy', 'Selected', 'Expanded', 'Modal', 'Controls', 'Roledescription', 'Valuenow', 'Valuemin', 'Valuemax', 'Valuetext', 'Posinset', 'Setsize', 'Multiselectable', 'Level', 'Haspopup', 'Pressed', 'Required', 'Invalid', 'Atomic', 'Owns']
/** These name other nodes by id; ids of a mini-program are not ids of the document, so they would name nothing. */
const ARIA_REFERENCES = new Set(['Labelledby', 'Describedby', 'Controls', 'Owns'])

/** Their inner field carries the label; a second one on the box around it would be read twice. */
const LABELLED_INSIDE = new Set(['wx-input', 'wx-textarea', 'wx-slider'])

const common: Definition = {
  properties: {
    hidden: bool(),
    name: any(),
    ariaRole: str(), role: str(), tabindex: any(), animation: any(),
    ...Object.fromEntries(ARIA.map((key) => ['aria' + key, any()])),
    hoverClass: str(), hoverStopPropagation: bool(), hoverStartTime: num(50), hoverStayTime: num(400),
  },
  observers: {
    hidden(this: any, on: boolean) {
      this._$.setNodeStyle(on ? 'display: none !important' : '', HIDE)
    },
    animation(this: any, a: { actions?: any[] } | null) {
      let at = 0
      for (const { style, duration, delay, timingFunction, transformOrigin } of a?.actions ?? []) {
        const css = Object.entries({ ...style, 'transform-origin': transformOrigin, transition: `all ${duration}ms ${timingFunction} ${delay}ms` }).map((kv) => kv.join(':')).join(';')
        setTimeout(() => this._$.setNodeStyle(css, PLAY), at)
        at += duration + delay
      }
    },
    [['ariaRole', ...ARIA.map((key) => 'aria' + key)].join(', ')](this: any) {
      const element = dom(this)
      if (!element || LABELLED_INSIDE.has(element.localName)) return
      const set = (attribute: string, v: unknown) => (v === null || v === undefined || v === '' ? element.removeAttribute(attribute) : element.setAttribute(attribute, String(v)))
      if (element.localName !== 'wx-button') set('role', this.data.ariaRole)
      for (const key of ARIA) if (!ARIA_REFERENCES.has(key)) set('aria-' + key.toLowerCase(), this.data['aria' + key])
    },
  },
  lifetimes: {
    attached(this: any) {
      const element = dom(this) as HTMLElement
      if (this.data.hidden) this._$.setNodeStyle('display: none !important', HIDE)
      let timer = 0
      const hover = (on: boolean, delay: number) => {
        const names = this.data.disabled ? '' : this.data.hoverClass
        if (!names || names === 'none') return
        clearTimeout(timer)
        timer = window.setTimeout(() => this._$.setNodeClass(on ? names : '', HOVER), delay)
      }
      element.addEventListener('touchstart', () => hover(true, this.data.hoverStartTime), { passive: true })
      for (const t of ['touchend', 'touchcancel']) element.addEventListener(t, () => hover(false, this.data.hoverStayTime))
    },
  },
}

export function define(tag: string, templateName: string, definition: Definition = {}) {
  const is = `__wx/${tag}`
  codeSpace.addComponentStaticConfig(is, { component: true, styleIsolation: 'shared' as any, usingComponents: {} })
  codeSpace.addCompiledTemplate(is, template(`__wx/${templateName}`) as any)
  const behaviors = [codeSpace.behavior().definition(common as any).register()]
  const type: any = codeSpace.component(is).definition({ ...definition, behaviors } as any).register()
  space.setGlobalUsingComponent(tag, type._$)
}
