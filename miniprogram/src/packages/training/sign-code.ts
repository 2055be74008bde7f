/** What the trainer's QR code says, and what of it a scan is worth: the class it belongs to and six digits. */
const MARK = 'lvyue:class'

export const writtenCode = (id: string, code: string): string => `${MARK}:${id}:${code}`

export function readCode(text: string): { id: string; code: string } | null {
  const [, id, code] = /^lvyue:class:([\w-]{1,64}):(\d{6})$/.exec(text.trim()) ?? []
  return id && code ? { id, code } : null
}

/** 482 913: read aloud or typed from across a room. */
export const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`
