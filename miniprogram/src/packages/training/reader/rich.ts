import { addressOf } from '../../../config'

/**
 * The server's HTML has tags and nothing else; `rich-text` shows them as plain as they come. Here every tag gets the
 * class that reader.wxss dresses it with. Pictures get a whole address.
 */
const DRESSED = new Set('p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code table th td hr img mark'.split(' '))

export const rich = (html: string): string =>
  html
    .replace(/<([a-z][a-z0-9]*)(?=[\s/>])/g, (whole, tag: string) => (DRESSED.has(tag) ? `<${tag} class="rt rt-${tag}"` : whole))
    .replace(/(<img [^>]*?src=")([^"]+)/g, (_, before: string, src: string) => before + addressOf(src))
