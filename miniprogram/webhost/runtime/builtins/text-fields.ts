// input and textarea: a real field inside, so keyboards, selection and assistive tools work as on any page.
import { any, bool, define, dom, listen, num, str, type Definition } from './definition'

/** input and textarea differ only in their element and a few events. */
const field = (extra: Definition): Definition => ({
  options: { virtualHost: false },
  externalClasses: ['placeholder-class'],
  properties: {
    value: any(''), type: str('text'), password: bool(), placeholder: str(), placeholderStyle: any(''), disabled: bool(),
    maxlength: num(140), focus: bool(), autoFocus: bool(), confirmType: str('done'), confirmHold: bool(), cursor: num(-1),
    cursorSpacing: num(), cursorColor: str(), selectionStart: num(-1), selectionEnd: num(-1), adjustPosition: bool(true), holdKeyboard: bool(),
    alwaysEmbed: bool(), autoHeight: bool(), fixed: bool(), showConfirmBar: bool(true), disableDefaultPadding: bool(), randomNumber: bool(),
    safePasswordCertPath: str(), safePasswordLength: any(), safePasswordTimeStamp: any(), safePasswordNonce: str(), safePasswordSalt: str(), safePasswordCustomHash: str(),
    allowClipboardSplit: bool(),
  },
  data: { filled: false },
  observers: {
    value(this: any, v: unknown) {
      this.show(v)
    },
    'type, password, disabled, maxlength, confirmType, ariaLabel, placeholder'(this: any) {
      this.configure()
    },
    focus(this: any, on: boolean) {
      const el = dom(this, 'el')
      if (!el?.isConnected) return
      if (on) el.focus()
      else el.blur()
    },
  },
  lifetimes: {
    attached(this: any) {
      const el = dom(this, 'el') as HTMLInputElement
      this.configure()
      this.show(this.data.value)
      listen(el, 'input', () => {
        const value = el.value
        this.setData({ value, filled: value !== '' })
        this.triggerEvent('input', { value, cursor: el.selectionStart ?? value.length }, {})
        this.grow()
      })
      listen(el, 'change', () => {})
      listen(el, 'focus', () => this.triggerEvent('focus', { value: el.value, height: 0 }, {}))
      listen(el, 'blur', () => this.triggerEvent('blur', { value: el.value, cursor: el.selectionStart ?? 0 }, {}))
      listen(el, 'keydown', (e: KeyboardEvent) => {
        if (e.key === 'Enter' && el.tagName === 'INPUT') this.triggerEvent('confirm', { value: el.value }, {})
      })
      if (this.data.focus || this.data.autoFocus) setTimeout(() => el.focus())
      setTimeout(() => this.grow())
    },
  },
  methods: {
    show(this: any, v: unknown) {
      const el = dom(this, 'el')
      const text = v === null || v === undefined ? '' : String(v)
      if (el && el.value !== text) el.value = text
      if (this.data.filled !== (text !== '')) this.setData({ filled: text !== '' })
      this.grow()
    },
    configure(this: any) {
      const el = dom(this, 'el')
      if (!el) return
      const d = this.data
      el.disabled = d.disabled
      if (d.maxlength >= 0) el.setAttribute('maxlength', d.maxlength)
      else el.removeAttribute('maxlength')
      if (el.tagName === 'INPUT') el.type = d.password || d.type === 'safe-password' ? 'password' : 'text'
      el.inputMode = ({ number: 'numeric', digit: 'decimal', idcard: 'text' } as any)[d.type] ?? 'text'
      el.enterKeyHint = ({ send: 'send', search: 'search', next: 'next', go: 'go', done: 'done' } as any)[d.confirmType] ?? ''
      // The visible placeholder is a styled element beside it; this one is for assistive tools and tests.
      el.placeholder = d.placeholder
      if (d.ariaLabel) el.setAttribute('aria-label', d.ariaLabel)
      else el.removeAttribute('aria-label')
    },
    grow() {},
    ...extra.methods,
  },
})

export function defineTextFields() {
  define('input', 'input', field({}))
  define('textarea', 'textarea', field({
    methods: {
      grow(this: any) {
        const el = dom(this, 'el')
        if (!el?.isConnected) return
        dom(this).dataset.auto = this.data.autoHeight
        if (this.data.autoHeight) {
          el.style.height = 'auto'
          el.style.height = `${el.scrollHeight}px`
        }
        const lineCount = Math.max(1, Math.round(el.scrollHeight / (parseFloat(getComputedStyle(el).lineHeight) || 20)))
        if (lineCount !== this.lines) this.triggerEvent('linechange', { height: el.scrollHeight, lineCount: (this.lines = lineCount) }, {})
      },
    },
  }))
}
