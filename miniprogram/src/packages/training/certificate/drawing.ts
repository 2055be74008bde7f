import { qrOf } from '../qr'

/** A certificate as a picture: who learned what, when, and how anybody can check it. Always light: it is to be sent on. */
export interface Facts {
  name: string
  title: string
  category: string
  issued: string
  company: string
  code: string
  address: string
}

export const WIDTH = 640
export const HEIGHT = 900
const INK = '#1b2333'
const QUIET = '#5b6577'
const ACCENT = '#1f55c9'
const FONT = '"PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'

type Pen = WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D

function written(pen: Pen, text: string, y: number, size: number, color: string, weight = 400): void {
  pen.font = `${weight} ${size}px ${FONT}`
  pen.fillStyle = color
  pen.textAlign = 'center'
  pen.fillText(text, WIDTH / 2, y)
}

/** A long title goes on in a second line, and no further. */
export function linesOf(text: string, fits: (line: string) => boolean): string[] {
  if (fits(text)) return [text]
  const letters = Array.from(text)
  let end = letters.length
  while (end > 1 && !fits(letters.slice(0, end).join(''))) end--
  const rest = letters.slice(end).join('')
  let last = rest
  while (last && !fits(last)) last = `${Array.from(last.replace('…', '')).slice(0, -1).join('')}…`
  return [letters.slice(0, end).join(''), last]
}

function code(pen: Pen, text: string, left: number, top: number, size: number): void {
  const grid = qrOf(text)
  const step = size / Math.max(1, grid.length)
  pen.fillStyle = INK
  grid.forEach((line, r) => line.forEach((dark, c) => dark && pen.fillRect(left + c * step, top + r * step, step + 0.4, step + 0.4)))
}

export function draw(pen: Pen, f: Facts): void {
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, WIDTH, HEIGHT)
  pen.strokeStyle = ACCENT
  pen.lineWidth = 6
  pen.strokeRect(24, 24, WIDTH - 48, HEIGHT - 48)
  pen.lineWidth = 1
  pen.strokeRect(36, 36, WIDTH - 72, HEIGHT - 72)

  written(pen, '培训证书', 140, 52, ACCENT, 600)
  written(pen, f.name, 245, 44, INK, 600)
  written(pen, '学完了全部必修内容并通过测验', 305, 24, QUIET)
  pen.font = `600 34px ${FONT}`
  const lines = linesOf(`《${f.title}》`, (line) => pen.measureText(line).width <= WIDTH - 140)
  lines.forEach((line, i) => written(pen, line, 380 + i * 48, 34, INK, 600))
  const under = 380 + lines.length * 48
  written(pen, f.category, under + 8, 24, QUIET)
  written(pen, f.company, under + 72, 24, INK)
  written(pen, f.issued, under + 112, 24, QUIET)

  code(pen, f.address, WIDTH / 2 - 80, HEIGHT - 312, 160)
  written(pen, `校验码 ${f.code}`, HEIGHT - 112, 26, INK, 600)
  written(pen, '扫码或打开下面的地址校验，只显示姓名首字', HEIGHT - 80, 18, QUIET)
  written(pen, f.address, HEIGHT - 54, 16, QUIET)
}
