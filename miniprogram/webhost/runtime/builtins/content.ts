// Boxes, text and marks: what only shows something or leads elsewhere.
import { richNodes } from '../host/rich-text'
import { pageMeta } from './page-meta'
import { any, bool, define, dom, num, str } from './definition'

const BOXES = ['view', 'cover-view', 'root-portal', 'page-container', 'movable-area', 'movable-view', 'match-media', 'share-element', 'sticky-header', 'sticky-section', 'grid-view', 'list-view', 'map', 'camera', 'editor', 'navigation-bar', 'official-account', 'open-data', 'picker-view', 'picker-view-column']

export function defineContent() {
  for (const tag of BOXES) define(tag, 'slot', { properties: { enable: bool(true), show: bool(), mode: str(), value: any(), indicatorStyle: str(), scrollTop: any() } })
  define('page-meta', 'slot', pageMeta)
  define('text', 'slot', { properties: { selectable: bool(), userSelect: bool(), space: str(), decode: bool(), overflow: str(), maxLines: any() } })
  define('navigator', 'slot', {
    properties: { url: str(), openType: str('navigate'), delta: num(1), target: str('self'), hoverClass: str('navigator-hover'), appId: str(), path: str(), extraData: any(), version: str(), shortLink: str() },
    lifetimes: {
      attached(this: any) {
        this._$.addListener('tap', () => {
          const api = ({ navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch', navigateBack: 'navigateBack' } as any)[this.data.openType]
          ;(globalThis as any).wx[api]({ url: this.data.url, delta: this.data.delta })
        })
      },
    },
  })

  define('icon', 'icon', { properties: { type: str('success'), size: num(23), color: str() } })
  define('progress', 'progress', { properties: { percent: num(), showInfo: bool(), strokeWidth: num(6), color: str('#09bb07'), activeColor: str(), backgroundColor: str('#ebebeb'), active: bool(), borderRadius: any(), fontSize: any(), duration: any(), activeMode: str() } })
  define('rich-text', 'rich-text', {
    properties: { nodes: any([]), space: str(), userSelect: bool() },
    observers: {
      nodes(this: any, nodes: unknown) {
        dom(this, 'el')?.replaceChildren(...richNodes(nodes))
      },
    },
  })
  define('web-view', 'web-view', { properties: { src: str() } })
}
