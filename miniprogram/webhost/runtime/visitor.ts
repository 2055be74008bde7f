// Who holds this phone and how it is set: everything the address of the page decides.
//   ?user=chenyu   the person; login codes name them, and storage is kept apart per person
//   ?theme=dark|light   ?font=1.4   ?env=trial   ?api=https://host   ?privacy=ask   ?status=0
export const params = new URLSearchParams(location.search)
export const user = params.get('user') ?? 'newcomer'

let count = 0
/** A code that is good for one use, as WeChat's are: `web-chenyu-<nonce>`. */
export const onceCode = (kind: 'web' | 'phone') => {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `${kind}-${user}-${Date.now().toString(36)}${(count++).toString(36)}${random[0].toString(36)}${random[1].toString(36)}`
}

/** Heights of what the phone draws above a page; `?status=0` is for use on a real phone, which has its own. */
export const STATUS_BAR = params.get('status') === '0' ? 0 : 47
export const NAV_BAR = 44
export const HOME_BAR = params.get('status') === '0' ? 0 : 34

/** Absolute addresses of an API lead to this page's own origin (the server hands them to the backend), or to `?api=`. */
export const target = (url: string) => url.replace(/^https?:\/\/[^/]+(?=\/api\/)/, params.get('api') ?? location.origin)
