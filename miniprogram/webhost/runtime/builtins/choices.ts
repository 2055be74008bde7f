// What a person chooses with: checkbox, radio, switch, slider, picker.
import { pickValue } from '../host/picker'
import { any, bool, closest, define, dom, listen, num, str, within, type Definition } from './definition'

const choice = (extra: Definition = {}): Definition => ({
  properties: { value: any(''), checked: bool(), disabled: bool(), color: str('#07c160'), type: str('switch') },
  ...extra,
})

export function defineChoices() {
  const toggles = (group: string, pick: (self: any, g: any) => void): Definition => ({
    lifetimes: {
      attached(this: any) {
        this._$.addListener('tap', () => this.toggle())
      },
    },
    methods: {
      toggle(this: any) {
        if (this.data.disabled) return
        const g = closest(this, group)
        pick(this, g)
        const value = g?.formValue()
        g?.triggerEvent('change', { value }, {})
      },
    },
  })
  define('checkbox', 'checkbox', choice(toggles('wx-checkbox-group', (self) => self.setData({ checked: !self.data.checked }))))
  define('checkbox-group', 'slot', {
    methods: { formValue(this: any) { return within(this, 'wx-checkbox').filter((c) => c.data.checked).map((c) => c.data.value) } },
  })
  define('radio', 'radio', choice(toggles('wx-radio-group', (self, g) => {
    if (g) within(g, 'wx-radio').forEach((r) => r.setData({ checked: false }))
    self.setData({ checked: true })
  })))
  define('radio-group', 'slot', {
    methods: { formValue(this: any) { return within(this, 'wx-radio').find((r) => r.data.checked)?.data.value ?? '' } },
  })
  define('switch', 'switch', choice({
    lifetimes: {
      attached(this: any) {
        this._$.addListener('tap', () => this.toggle())
      },
    },
    methods: {
      formValue(this: any) { return this.data.checked },
      toggle(this: any) {
        if (this.data.disabled) return
        this.setData({ checked: !this.data.checked })
        this.triggerEvent('change', { value: this.data.checked }, {})
      },
    },
  }))
  define('slider', 'slider', {
    properties: { min: num(), max: num(100), step: num(1), value: num(), disabled: bool(), showValue: bool(), activeColor: str('#1aad19'), backgroundColor: str('#e9e9e9'), blockSize: num(28), blockColor: str('#fff') },
    observers: {
      'min, max, step, value, disabled, ariaLabel'(this: any) {
        this.configure()
      },
    },
    lifetimes: {
      attached(this: any) {
        const el = dom(this, 'el')
        this.configure()
        listen(el, 'input', () => (this.setData({ value: Number(el.value) }), this.triggerEvent('changing', { value: this.data.value }, {})))
        listen(el, 'change', () => this.triggerEvent('change', { value: Number(el.value) }, {}))
      },
    },
    methods: {
      configure(this: any) {
        const el = dom(this, 'el')
        if (!el) return
        const { min, max, step, value, disabled, ariaLabel } = this.data
        Object.assign(el, { min, max, step, value, disabled })
        if (ariaLabel) el.setAttribute('aria-label', ariaLabel)
      },
    },
  })

  define('picker', 'slot', {
    properties: { mode: str('selector'), range: any([]), rangeKey: str(), value: any(0), start: str(), end: str(), fields: str('day'), disabled: bool(), headerText: str(), customItem: str(), level: str() },
    lifetimes: {
      attached(this: any) {
        this._$.addListener('tap', async () => {
          if (this.data.disabled) return
          const value = await pickValue(this.data, (detail) => this.triggerEvent('columnchange', detail, {}))
          if (value === undefined) return this.triggerEvent('cancel', {}, {})
          this.setData({ value })
          this.triggerEvent('change', { value }, {})
        })
      },
    },
  })
}
