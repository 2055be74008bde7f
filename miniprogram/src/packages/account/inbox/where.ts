/** Where a notice leads, by what it is about; what has no page of its own is only marked as read. */
const pages: Record<string, string> = {
  ticket: '/packages/ticket/detail/detail',
}

export function pathOf(about: { kind: string; id: string }): string {
  const page = pages[about.kind]
  return page ? `${page}?id=${about.id}` : ''
}
