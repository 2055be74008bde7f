/** WeChat's sheet holds six lines; a longer list is turned page by page with its last line. */
const LINES = 6

/** The index of what was chosen, or -1 when the sheet was closed. */
export async function choose(lines: readonly string[], from = 0): Promise<number> {
  const left = lines.slice(from)
  const turns = left.length > LINES
  const shown = turns ? left.slice(0, LINES - 1) : left
  try {
    const { tapIndex } = await wx.showActionSheet({ itemList: turns ? [...shown, '更多…'] : [...shown] })
    return tapIndex < shown.length ? from + tapIndex : await choose(lines, from + shown.length)
  } catch {
    return -1
  }
}
