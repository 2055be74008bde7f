import { addressOf } from '../../config'

/**
 * The server's HTML has tags and nothing else, and `rich-text` hears no style sheet for certain. So every tag gets its
 * look here, in sizes relative to the text around it and in the theme's colours. Pictures get a whole address.
 */
const HEAD = 'font-weight:600;line-height:1.4;margin:1.2em 0 .5em'
const BLOCK = 'margin:0 0 .75em'
const CODE = 'font-family:monospace;font-size:.9em'
const CELL = 'padding:.4em .5em;border:1px solid var(--td-component-border);text-align:left;font-size:.9em'

const looks: Record<string, string> = {
  h1: `font-size:1.25em;${HEAD}`, h2: `font-size:1.2em;${HEAD}`, h3: `font-size:1.1em;${HEAD}`, h4: `font-size:1em;${HEAD}`, h5: `font-size:1em;${HEAD}`, h6: `font-size:1em;${HEAD}`,
  p: BLOCK,
  ul: `${BLOCK};padding-left:1.5em;list-style:disc`, ol: `${BLOCK};padding-left:1.5em;list-style:decimal`, li: 'margin-bottom:.25em',
  blockquote: `${BLOCK};padding:.5em .8em;border-left:4px solid var(--td-brand-color);border-radius:4px;background:var(--td-bg-color-container)`,
  code: CODE,
  pre: `${BLOCK};${CODE};padding:.7em .8em;border-radius:8px;background:var(--td-bg-color-component);white-space:pre-wrap`,
  table: `${BLOCK};width:100%;border-collapse:collapse`, th: `${CELL};font-weight:600`, td: CELL,
  hr: 'margin:1em 0;border:none;border-top:1px solid var(--td-component-border)',
  img: 'max-width:100%;height:auto;border-radius:8px',
  mark: 'background:var(--td-warning-color-light);color:inherit',
}

export const rich = (html: string): string =>
  html
    .replace(/<([a-z][a-z0-9]*)(?=[\s/>])/g, (whole, tag: string) => (looks[tag] ? `${whole} style="${looks[tag]}"` : whole))
    // Above the first heading there is nothing to keep away from.
    .replace(/^(<h[1-6] style="[^"]*?margin:)1\.2em /, '$10 ')
    .replace(/(<img [^>]*?src=")([^"]+)/g, (_, before: string, src: string) => before + addressOf(src))
