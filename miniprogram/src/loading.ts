import { explain } from './services/problem'

/**
 * What a page does around fetching its content: an outline first, then the content, or why there is none and a way to
 * try again. Once something is on the screen it stays there: a later attempt that fails only says so.
 */
export type Phase = 'loading' | 'ready' | 'failed'

/** Into a page's `data`; `<state-view>` shows it. */
export const loading = { phase: 'loading' as Phase, reason: '' }

interface Loading {
  data: { phase: Phase }
  setData: (part: { phase: 'failed'; reason: string }) => void
}

/** `fetch` shows what it got, with `phase: 'ready'`, in one step; or nothing, when something else is asked for by now. */
export async function filling(page: Loading, fetch: () => Promise<void>): Promise<void> {
  try {
    await fetch()
  } catch (e) {
    if (page.data.phase === 'ready') void wx.showToast({ title: explain(e), icon: 'none' })
    else page.setData({ phase: 'failed', reason: explain(e) })
  }
}

interface Reloading {
  setData: (part: { phase: 'loading' }) => void
  load: () => Promise<unknown>
}

/** Spread into a page that has a `load`: 再试一次 fetches again. */
export const retrying = {
  onRetry(this: Reloading): void {
    this.setData({ phase: 'loading' })
    void this.load()
  },
}

/** The same for a page that can be pulled down. */
export const reloading = {
  ...retrying,

  async onPullDownRefresh(this: Reloading): Promise<void> {
    await this.load()
    void wx.stopPullDownRefresh()
  },
}
