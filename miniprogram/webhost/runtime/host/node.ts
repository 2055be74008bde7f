// The few words the phone's own furniture is written in: an element, and a button.
export function node(tag: string, className: string, children: (Node | string)[] = [], attributes: Record<string, string> = {}) {
  const element = document.createElement(tag)
  element.className = className
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

export function labelled(className: string, text: string, onClick: () => void) {
  const button = node('button', className, [text], { type: 'button' })
  button.addEventListener('click', onClick)
  return button
}
