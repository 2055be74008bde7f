import type { Form } from './forms'
import { explain, isCode, Problem } from '../../services/problem'

/** What every page with a sheet does: ask once more before a signature, send, and lose no words. */
export interface Submitted {
  name: string
  fields: Record<string, unknown>
  key: string
}

export type SubmitEvent = WechatMiniprogram.CustomEvent<Submitted>

interface Sheet {
  done: () => void
  renewKey: () => void
}

interface Host {
  data: { busy: boolean; form: Form | null }
  setData: (part: object) => void
  selectComponent: (selector: string) => unknown
}

/** What the sheet of a page needs in its data. */
export const closed = { sheet: '', form: null as Form | null, signed: [] as string[], busy: false, refused: {} as Record<string, string>, notice: '' }

/** What is written under every signature. */
export const WRITTEN = '签署后算书面形式（电子签名法第 4 条），双方都能随时调出和核验。'

export function openSheet(page: Host, name: string, form: Form, signed: string[] = []): void {
  // What is signed must stand there before the sheet asks for it.
  page.setData({ form, signed, refused: {}, notice: '' })
  page.setData({ sheet: name })
}

async function sure(form: Form, exactly: string): Promise<boolean> {
  if (!form.signs) return true
  const { confirm } = await wx.showModal({ title: '再确认一次', content: exactly || `「${form.title}」会以你的名义留存，和纸上签字一样有效。`, confirmText: '确认', cancelText: '再看看' })
  return confirm
}

interface Way {
  /** Does it and shows the result. */
  send: (s: Submitted) => Promise<unknown>
  /** Shows what the server holds now, when somebody else was faster. */
  again: () => Promise<unknown>
  /** What is signed, where only what was typed says it. */
  exactly?: (fields: Record<string, unknown>) => string | Promise<string>
}

export async function submit(page: Host, e: SubmitEvent, { send, again, exactly }: Way): Promise<void> {
  const { busy, form } = page.data
  if (busy || !form) return
  page.setData({ busy: true, notice: '', refused: {} })
  const sheet = page.selectComponent('#sheet') as Sheet
  try {
    if (!(await sure(form, (await exactly?.(e.detail.fields)) ?? ''))) return
    await send(e.detail)
    sheet.done()
    page.setData({ sheet: '' })
    void wx.showToast({ title: form.signs ? '已签署' : '好了' })
  } catch (err) {
    if (err instanceof Problem && err.unanswered) {
      page.setData({ notice: `${err.title}。写的都在，再点一次就好，不会重复。` })
      return
    }
    sheet.renewKey()
    page.setData({ refused: err instanceof Problem ? err.byField : {}, notice: explain(err) })
    if (isCode(err, 'VERSION_STALE', 'ACTION_NOT_ALLOWED', 'PROPOSAL_STALE')) {
      page.setData({ notice: `${explain(err)}。下面已是最新的，你写的还在。` })
      await again().catch(() => undefined)
    }
  } finally {
    page.setData({ busy: false })
  }
}
