/** What a tab page tells the bar when it is shown. */
interface TabBar {
  show: (at: string) => void
}

export const showTab = (page: WechatMiniprogram.Page.TrivialInstance, at: string): void => {
  const bar = page.getTabBar() as unknown as TabBar | null | undefined
  bar?.show(at)
}
