/**
 * How much larger than usual this person has set WeChat's text. Pages hand it to their outermost view as `--fs`;
 * every size in app.wxss is multiplied by it. Bounded, so that a row still holds a few words.
 */
const { fontSizeScaleFactor, fontSizeSetting } = wx.getAppBaseInfo() as { fontSizeScaleFactor?: number; fontSizeSetting?: number }
const wished = fontSizeScaleFactor ?? (fontSizeSetting ?? 16) / 16

export const scale = Math.round(Math.min(1.6, Math.max(0.9, wished)) * 100) / 100
