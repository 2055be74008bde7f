// Full-screen previews: pictures and videos one at a time, a PDF in the browser's own viewer, other documents as a card
// with a link to the bytes.
import { find, loadable } from '../temp-files'
import { target } from '../visitor'
import { labelled, node } from './node'
import { sheet } from './overlay'

type Source = { url: string; type?: 'image' | 'video' }

const EDGE = 40

export function previewMedia(sources: Source[], start: number): Promise<unknown> {
  let at = Math.max(0, Math.min(sources.length - 1, start))
  return sheet('preview', (done) => {
    const frame = node('div', 'mp-preview-frame')
    const count = node('div', 'mp-preview-count', [], { 'aria-live': 'polite' })
    const show = (to: number) => {
      at = Math.max(0, Math.min(sources.length - 1, to))
      const { url, type } = sources[at]
      const media = type === 'video' ? node('video', '', [], { controls: '', src: target(loadable(url)) }) : node('img', '', [], { src: target(loadable(url)), alt: `图片 ${at + 1}` })
      frame.replaceChildren(media)
      count.textContent = sources.length > 1 ? `${at + 1} / ${sources.length}` : ''
    }
    let from = 0
    frame.addEventListener('touchstart', (e) => (from = e.touches[0].clientX), { passive: true })
    frame.addEventListener('touchend', (e) => {
      const moved = e.changedTouches[0].clientX - from
      if (Math.abs(moved) > EDGE) show(at + (moved < 0 ? 1 : -1))
    })
    frame.addEventListener('click', (e) => (e.target as Element).localName !== 'video' && done())
    show(at)
    return node('div', 'mp-preview', [frame, count, labelled('mp-preview-close', '关闭', () => done())], { role: 'dialog', 'aria-modal': 'true', 'aria-label': '预览' })
  })
}

export function previewDocument(path: string, fileType?: string): Promise<unknown> {
  const file = find(path)
  const kind = (fileType ?? /\.(\w+)$/.exec(path)?.[1] ?? '').toUpperCase()
  if (kind === 'PDF') {
    return sheet('preview', (done) =>
      node('div', 'mp-preview mp-preview-document', [
        node('iframe', '', [], { src: loadable(path), title: file?.name ?? 'PDF' }),
        labelled('mp-preview-close', '关闭', () => done()),
      ], { role: 'dialog', 'aria-modal': 'true', 'aria-label': '文档' }),
    )
  }
  return sheet('preview', (done) =>
    node('div', 'mp-sheet mp-document', [
      node('div', 'mp-document-name', [file?.name ?? path]),
      node('div', 'mp-document-kind', [`${kind} ${file ? `${Math.max(1, Math.round(file.blob.size / 1024))} KB` : ''}`]),
      node('a', 'mp-sheet-item', ['在新标签页打开'], { href: loadable(path), target: '_blank', rel: 'noopener' }),
      labelled('mp-sheet-item mp-sheet-cancel', '关闭', () => done()),
    ], { role: 'dialog', 'aria-modal': 'true', 'aria-label': '文档' }),
  )
}
