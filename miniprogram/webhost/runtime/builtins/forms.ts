// button with its open types, form and label.
import { openType } from './open-type'
import { any, bool, closest, define, dom, num, str, within } from './definition'

export function defineForms() {
  define('button', 'button', {
    properties: {
      size: str('default'), type: str('default'), plain: bool(), disabled: bool(), loading: bool(), formType: str(), openType: str(),
      hoverClass: str('button-hover'), hoverStartTime: num(20), hoverStayTime: num(70), lang: str('en'), sessionFrom: str(), sendMessageTitle: str(),
      sendMessagePath: str(), sendMessageImg: str(), appParameter: str(), showMessageCard: bool(), phoneNumberNoQuotaToast: bool(true), needShowEntrance: any(), entrancePath: any(), activityType: any(),
    },
    observers: {
      'size, type, plain, disabled, loading, ariaRole'(this: any) {
        this.describe()
      },
    },
    lifetimes: {
      attached(this: any) {
        this.describe()
        // A disabled button swallows taps before anyone hears them.
        this._$.addListener('tap', (e: any) => {
          if (this.data.disabled) return e.stopPropagation()
          if (this.data.formType) closest(this, 'wx-form')?.act(this.data.formType)
          if (this.data.openType) void openType(this.data.openType, (name: string, detail: unknown) => this.triggerEvent(name, detail, {}))
        })
      },
    },
    methods: {
      describe(this: any) {
        const el = dom(this)
        if (!el) return
        const { size, type, plain, disabled, ariaRole } = this.data
        Object.assign(el.dataset, { size, type, plain, disabled })
        el.setAttribute('role', ariaRole || 'button')
        el.setAttribute('aria-disabled', String(disabled))
      },
    },
  })

  define('form', 'slot', {
    properties: { reportSubmit: bool() },
    methods: {
      act(this: any, kind: string) {
        const fields = within(this, 'wx-input, wx-textarea, wx-switch, wx-slider, wx-radio-group, wx-checkbox-group, wx-picker')
        if (kind === 'reset') {
          fields.forEach((f) => f.setData('checked' in f.data ? { checked: false } : { value: '' }))
          return this.triggerEvent('reset', {}, {})
        }
        const value = Object.fromEntries(fields.filter((f) => f.data.name).map((f) => [f.data.name, f.formValue?.() ?? f.data.value]))
        this.triggerEvent('submit', { value, formId: '' }, {})
      },
    },
  })
  define('label', 'slot', {
    properties: { for: str() },
    lifetimes: {
      attached(this: any) {
        this._$.addListener('tap', (e: any) => {
          const root: any = this.data.for ? document.querySelector(`mp-page [data-wx-id="${CSS.escape(this.data.for)}"]`) : dom(this).querySelector('wx-checkbox, wx-radio, wx-switch, wx-input, wx-textarea')
          const inst = root?.__wxElement?.getMethodCaller()
          if (!inst || root.contains(document.elementFromPoint(e.detail.x, e.detail.y))) return
          if (inst.toggle) inst.toggle()
          else root.querySelector('input,textarea')?.focus()
        })
      },
    },
  })
}
