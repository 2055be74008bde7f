// Files a person chose or the app downloaded, under the kind of name WeChat gives them: `wxfile://tmp_<n>.jpg`.
// Such a name means nothing to a browser, so whatever shows or sends a file asks here for the bytes behind it.
export type TempFile = { path: string; url: string; blob: Blob; name: string }

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/gif': 'gif', 'video/mp4': 'mp4', 'video/quicktime': 'mov', 'application/pdf': 'pdf', 'audio/mp4': 'm4a', 'audio/mpeg': 'mp3', 'text/plain': 'txt', 'application/json': 'json',
}
const files = new Map<string, TempFile>()

export function keep(blob: Blob, name = ''): TempFile {
  const extension = /\.(\w{1,5})$/.exec(name)?.[1] ?? EXTENSIONS[blob.type.split(';')[0]] ?? 'dat'
  const path = `wxfile://tmp_${Date.now().toString(16)}${files.size.toString(16).padStart(4, '0')}.${extension.toLowerCase()}`
  const file = { path, url: URL.createObjectURL(blob), blob, name: name || path.slice(9) }
  files.set(path, file)
  return file
}

export const find = (path: string) => files.get(path)
/** What a browser can load for a source that may be such a name. */
export const loadable = (source: string) => files.get(source)?.url ?? source
