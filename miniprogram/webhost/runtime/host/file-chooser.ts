// Choosing files: the browser's own chooser stands in for the album, the camera and the chat history.
import { node } from './node'
import { overlay } from './overlay'

export const chooseFiles = (accept: string, count: number): Promise<File[]> =>
  new Promise((resolve) => {
    const input = node('input', 'mp-file', [], { type: 'file', accept, 'aria-hidden': 'true', ...(count > 1 ? { multiple: '' } : {}) }) as HTMLInputElement
    const end = (files: File[]) => {
      input.remove()
      resolve(files)
    }
    input.addEventListener('change', () => end([...(input.files ?? [])].slice(0, count)))
    input.addEventListener('cancel', () => end([]))
    overlay.root.append(input)
    input.click()
  })
