// What WeChat draws over a page: toasts, dialogs, action sheets. One layer of each kind at a time.
import { labelled, node } from './node'

let root: HTMLElement
let toastTimer = 0

/** Puts a layer up, in place of the one of the same kind, and returns what takes it down. */
export function layer(kind: string, element: HTMLElement) {
  root.querySelectorAll(`[data-kind="${kind}"]`).forEach((old) => old.remove())
  element.dataset.kind = kind
  root.append(element)
  return () => element.remove()
}

/** A layer over a dimmed page that ends with a value; a tap beside it means "nothing", except in a dialog. */
export function sheet<T>(kind: string, body: (done: (value?: T) => void) => HTMLElement): Promise<T | undefined> {
  return new Promise((resolve) => {
    const mask = node('div', 'mp-mask')
    const close = layer(kind, mask)
    const done = (value?: T) => {
      close()
      resolve(value)
    }
    const box = body(done)
    mask.append(box)
    box.tabIndex = -1
    mask.addEventListener('click', (e) => e.target === mask && kind !== 'modal' && done())
    mask.addEventListener('keydown', (e) => e.key === 'Escape' && kind !== 'modal' && done())
  })
}

function toast(o: any, loading: boolean) {
  clearTimeout(toastTimer)
  const icon = loading ? 'loading' : o.image ? 'none' : o.icon ?? 'success'
  const picture = icon === 'none' ? '' : node('i', `mp-toast-icon mp-${icon}`)
  const box = node('div', `mp-toast ${icon === 'none' ? 'mp-toast-text' : ''}`, [picture, node('div', '', [String(o.title)])], { role: 'status' })
  const close = layer('toast', o.mask ? node('div', 'mp-clear', [box]) : box)
  if (!loading) toastTimer = window.setTimeout(close, o.duration ?? 1500)
}

export const overlay = {
  mount: (phone: HTMLElement) => phone.append((root = node('div', 'mp-overlay'))),
  get root() {
    return root
  },
  showToast: (o: any) => toast(o, false),
  showLoading: (o: any) => toast(o, true),
  hideToast: () => root.querySelectorAll('[data-kind="toast"]').forEach((n) => n.remove()),

  modal: async (o: any): Promise<{ confirm: boolean; cancel: boolean; content?: string }> => {
    const input = o.editable ? (node('input', 'mp-modal-input', [], { placeholder: o.placeholderText ?? '' }) as HTMLInputElement) : null
    if (input) input.value = o.content ?? ''
    const result = await sheet<any>('modal', (done) =>
      node('div', 'mp-modal', [
        o.title ? node('div', 'mp-modal-title', [o.title]) : '',
        input ?? node('div', 'mp-modal-content', [o.content ?? '']),
        node('div', 'mp-modal-actions', [
          ...(o.showCancel === false ? [] : [labelled('mp-cancel', o.cancelText ?? '取消', () => done({ confirm: false, cancel: true }))]),
          labelled('mp-confirm', o.confirmText ?? '确定', () => done({ confirm: true, cancel: false, content: input?.value })),
        ]),
      ], { role: 'dialog', 'aria-modal': 'true', 'aria-label': o.title || o.content || '' }),
    )
    return result
  },

  actionSheet: (o: any) =>
    sheet<{ tapIndex: number }>('sheet', (done) =>
      node('div', 'mp-sheet', [
        o.alertText ? node('div', 'mp-sheet-note', [o.alertText]) : '',
        ...o.itemList.map((text: string, tapIndex: number) => {
          const item = labelled('mp-sheet-item', text, () => done({ tapIndex }))
          if (o.itemColor) item.style.color = o.itemColor
          return item
        }),
        labelled('mp-sheet-item mp-sheet-cancel', '取消', () => done()),
      ], { role: 'dialog', 'aria-modal': 'true', 'aria-label': o.alertText ?? '操作' }),
    ),
}
