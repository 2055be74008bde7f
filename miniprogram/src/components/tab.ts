/** What a tab page tells the bar when it is shown. */
interface TabBar {
  show: (at: string) => void
}

export const showTab = (page: WechatMiniprogram.Page.TrivialInstance, at: string): void => {
  ;(page.getTabBar() as unknown as TabBar).show(at)
}
