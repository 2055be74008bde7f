// wx.createAnimation: records steps; the `animation` property of a built-in plays them.
import type { Options } from './call'

export function createAnimation(defaults: Options = {}) {
  const lengths = ['width', 'height', 'top', 'right', 'bottom', 'left']
  const px = (v: unknown) => (typeof v === 'number' ? `${v}px` : String(v))
  const deg = (v: unknown) => `${v}deg`
  const transforms: Record<string, (v: unknown) => string> = {
    rotate: deg, rotateX: deg, rotateY: deg, rotateZ: deg, skew: deg, skewX: deg, skewY: deg, scale: String, scaleX: String, scaleY: String, scaleZ: String, scale3d: String, matrix: String, matrix3d: String,
    translate: px, translateX: px, translateY: px, translateZ: px, translate3d: px,
  }
  const actions: { style: Options; duration: number; delay: number; timingFunction: string; transformOrigin: string }[] = []
  let style: Options = {}
  const self: any = {
    opacity: (v: number) => ((style.opacity = v), self),
    backgroundColor: (v: string) => ((style['background-color'] = v), self),
    step: (o: Options = {}) => {
      actions.push({ duration: 400, delay: 0, timingFunction: 'linear', transformOrigin: '50% 50% 0', ...defaults, ...o, style: { ...style } })
      return self
    },
    export: () => ({ actions: actions.splice(0) }),
  }
  for (const name of lengths) self[name] = (v: unknown) => ((style[name] = px(v)), self)
  for (const [name, unit] of Object.entries(transforms)) {
    self[name] = (...args: unknown[]) => {
      style = { ...style, transform: `${style.transform ?? ''} ${name}(${args.map(unit).join()})`.trim() }
      return self
    }
  }
  return self
}
