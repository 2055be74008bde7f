/**
 * A phone's clock may be wrong; deadlines are the server's. Every answer's `Date` header tells how far off we are.
 */
let skew = 0

export const now = (): number => Date.now() + skew

export function noteServerDate(date: string): void {
  const there = Date.parse(date)
  if (Number.isNaN(there)) return
  const off = there - Date.now()
  // The header has whole seconds and the answer took its time: below two seconds it is noise.
  skew = Math.abs(off) < 2000 ? 0 : off
}
