// <page-meta>: settings of the page as a tag. `root-font-size="system"` follows the person's text size in WeChat;
// every rem of the page then grows with it.
import { fontScale } from '../appearance'
import { any, dom, str, type Definition } from './definition'

export const pageMeta: Definition = {
  properties: { rootFontSize: str(), pageFontSize: str(), pageStyle: str(), rootBackgroundColor: str(), backgroundColor: str(), backgroundTextStyle: str(), scrollTop: any(), scrollDuration: any() },
  observers: {
    'rootFontSize, pageFontSize, pageStyle, backgroundColor, rootBackgroundColor'(this: any) {
      setTimeout(() => this.paint())
    },
    scrollTop(this: any, top: unknown) {
      if (top !== null) setTimeout(() => dom(this)?.closest('.mp-page-scroll')?.scrollTo({ top: Number.parseFloat(String(top)) }))
    },
  },
  lifetimes: {
    attached(this: any) {
      setTimeout(() => this.paint())
    },
  },
  methods: {
    paint(this: any) {
      const page = dom(this)?.closest('mp-page') as HTMLElement | null
      const size = (v: string) => (v === 'system' ? `${16 * fontScale}px` : v)
      if (!page) return
      const d = this.data
      page.style.cssText = d.pageStyle
      if (d.pageFontSize) page.style.fontSize = size(d.pageFontSize)
      if (d.rootFontSize) document.documentElement.style.fontSize = size(d.rootFontSize)
      if (d.backgroundColor) page.closest<HTMLElement>('.mp-page-shell')?.style.setProperty('--mp-page-bg', d.backgroundColor)
    },
  },
}
