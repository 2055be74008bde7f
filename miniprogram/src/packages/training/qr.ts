/**
 * A QR code (ISO/IEC 18004) for short ASCII texts: byte mode, error correction M, versions 1 to 6, so at most 106
 * characters. Enough for an address or a sign-in code, and far smaller than a library.
 */

/** Per version: blocks, data bytes of a block, correction bytes of a block. */
const VERSIONS = [[1, 16, 10], [1, 28, 16], [1, 44, 26], [2, 32, 18], [2, 43, 24], [4, 27, 16]] as const
const FORMAT_MASK = 0x5412
/** Level M in the format bits. */
const LEVEL = 0

type Grid = (boolean | null)[][]

const exp: number[] = []
const log: number[] = []
for (let i = 0, x = 1; i < 255; i++) {
  exp[i] = x
  log[x] = i
  x = x & 128 ? (x << 1) ^ 0x11d : x << 1
}
const times = (a: number, b: number): number => (a && b ? exp[((log[a] ?? 0) + (log[b] ?? 0)) % 255] ?? 0 : 0)

/** The correction bytes of one block: the remainder by the generator of that degree. */
function correction(data: readonly number[], degree: number): number[] {
  let generator = [1]
  for (let i = 0; i < degree; i++) {
    const root = exp[i] ?? 0
    generator = [...generator, 0].map((c, k) => c ^ times(generator[k - 1] ?? 0, root))
  }
  const rest = [...data, ...Array<number>(degree).fill(0)]
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i] ?? 0
    generator.forEach((g, k) => (rest[i + k] = (rest[i + k] ?? 0) ^ times(g, factor)))
  }
  return rest.slice(data.length)
}

function codewords(text: string, version: number): number[] {
  const [blocks, size, degree] = VERSIONS[version - 1] ?? VERSIONS[0]
  const bits = [0, 1, 0, 0, ...eight(text.length), ...Array.from(text, (c) => eight(c.charCodeAt(0))).flat()]
  const room = blocks * size * 8
  bits.push(...[0, 0, 0, 0].slice(0, room - bits.length))
  while (bits.length % 8) bits.push(0)
  const bytes = Array.from({ length: bits.length / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((n, b) => n * 2 + b, 0))
  for (let pad = 0xec; bytes.length < blocks * size; pad ^= 0xec ^ 0x11) bytes.push(pad)
  const data = Array.from({ length: blocks }, (_, b) => bytes.slice(b * size, (b + 1) * size))
  return [...woven(data), ...woven(data.map((d) => correction(d, degree)))]
}

const eight = (n: number): number[] => [7, 6, 5, 4, 3, 2, 1, 0].map((i) => (n >> i) & 1)
const woven = (blocks: readonly (readonly number[])[]): number[] => (blocks[0] ?? []).flatMap((_, i) => blocks.map((b) => b[i] ?? 0))

function put(grid: Grid, row: number, col: number, dark: boolean): void {
  const line = grid[row]
  if (line && col >= 0 && col < grid.length) line[col] = dark
}

/** Everything that is no data: finders, timing, alignment, and the room of the format bits. */
function frame(version: number): Grid {
  const n = 17 + 4 * version
  const grid: Grid = Array.from({ length: n }, () => Array<boolean | null>(n).fill(null))
  const square = (row: number, col: number, radius: number, dark: (distance: number) => boolean): void => {
    for (let y = -radius; y <= radius; y++) for (let x = -radius; x <= radius; x++) put(grid, row + y, col + x, dark(Math.max(Math.abs(y), Math.abs(x))))
  }
  for (let i = 0; i < n; i++) {
    put(grid, 6, i, i % 2 === 0)
    put(grid, i, 6, i % 2 === 0)
  }
  for (const [row, col] of [[3, 3], [3, n - 4], [n - 4, 3]] as const) square(row, col, 4, (d) => d !== 2 && d !== 4)
  if (version > 1) square(n - 7, n - 7, 2, (d) => d !== 1)
  format(grid, 0)
  return grid
}

/** Level and mask, twice, with their own correction. */
function format(grid: Grid, mask: number): void {
  const n = grid.length
  const data = (LEVEL << 3) | mask
  let rest = data << 10
  for (let i = 14; i >= 10; i--) if ((rest >> i) & 1) rest ^= 0x537 << (i - 10)
  const bits = ((data << 10) | rest) ^ FORMAT_MASK
  for (let i = 0; i < 15; i++) {
    const dark = ((bits >> i) & 1) === 1
    put(grid, i < 6 ? i : i < 8 ? i + 1 : n - 15 + i, 8, dark)
    put(grid, 8, i < 8 ? n - 1 - i : i < 9 ? 7 : 14 - i, dark)
  }
  put(grid, n - 8, 8, true)
}

const MASKS: readonly ((r: number, c: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

function filled(empty: Grid, bytes: readonly number[], mask: number): boolean[][] {
  const n = empty.length
  const grid = empty.map((line) => [...line])
  const flip = MASKS[mask] ?? (() => false)
  let at = 0
  for (let right = n - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5
    for (let k = 0; k < n; k++) {
      const row = up ? n - 1 - k : k
      for (const col of [right, right - 1]) {
        if (empty[row]?.[col] !== null) continue
        const bit = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1
        put(grid, row, col, (bit === 1) !== flip(row, col))
        at++
      }
    }
  }
  format(grid, mask)
  return grid as boolean[][]
}

/** How hard it would be to read: long runs, blocks of one colour, and much more dark than light. */
function penalty(grid: boolean[][]): number {
  const n = grid.length
  const at = (r: number, c: number): boolean => grid[r]?.[c] ?? false
  let sum = 0
  for (let i = 0; i < n; i++) {
    for (const line of [(k: number) => at(i, k), (k: number) => at(k, i)]) {
      for (let k = 1, run = 1; k < n; k++) {
        run = line(k) === line(k - 1) ? run + 1 : 1
        if (run === 5) sum += 3
        else if (run > 5) sum += 1
      }
    }
    for (let k = 0; i + 1 < n && k + 1 < n; k++) if (at(i, k) === at(i, k + 1) && at(i, k) === at(i + 1, k) && at(i, k) === at(i + 1, k + 1)) sum += 3
  }
  const dark = grid.flat().filter(Boolean).length
  return sum + Math.floor(Math.abs((dark * 20) / (n * n) - 10)) * 10
}

/** Rows of modules, dark is true. Nothing for a text that does not fit. */
export function qrOf(text: string): boolean[][] {
  const version = VERSIONS.findIndex(([blocks, size]) => text.length + 2 <= blocks * size) + 1
  if (!version || !/^[\x20-\x7e]+$/.test(text)) return []
  const bytes = codewords(text, version)
  const empty = frame(version)
  const drawn = MASKS.map((_, mask) => filled(empty, bytes, mask))
  return drawn.reduce((best, grid) => (penalty(grid) < penalty(best) ? grid : best))
}
