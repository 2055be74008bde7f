// The native <picker>: selects and date or time inputs in a bottom sheet stand in for its wheels.
import { labelled, node } from './node'
import { sheet } from './overlay'

type Control = HTMLSelectElement | HTMLInputElement
const DATE_TYPES: Record<string, string> = { year: 'number', month: 'month', day: 'date' }

export function pickValue(d: any, onColumn: (detail: { column: number; value: number }) => void): Promise<any> {
  const text = (item: any) => (d.rangeKey && item !== null && typeof item === 'object' ? String(item[d.rangeKey]) : String(item))
  const select = (items: any[], at: number, name: string) => {
    const box = node('select', 'mp-picker-select', items.map((item, i) => node('option', '', [text(item)], { value: String(i) })), { 'aria-label': name }) as HTMLSelectElement
    box.value = String(at)
    return box
  }
  const input = () =>
    Object.assign(node('input', 'mp-picker-input', [], { 'aria-label': d.headerText || (d.mode === 'time' ? '时间' : '日期') }) as HTMLInputElement, {
      type: d.mode === 'time' ? 'time' : DATE_TYPES[d.fields] ?? 'date',
      value: d.value ?? '',
      min: d.start,
      max: d.end,
    })
  const columns = (): Control[] => d.range.map((items: any[], i: number) => select(items, d.value?.[i] ?? 0, `第 ${i + 1} 列`))
  const controls: Control[] = d.mode === 'multiSelector' ? columns() : d.mode === 'selector' ? [select(d.range, Number(d.value) || 0, d.headerText || '选项')] : [input()]
  if (d.mode === 'multiSelector') controls.forEach((c, column) => c.addEventListener('change', () => onColumn({ column, value: Number(c.value) })))
  const read = () => (d.mode === 'multiSelector' ? controls.map((c) => Number(c.value)) : d.mode === 'selector' ? Number(controls[0].value) : controls[0].value)
  return sheet('picker', (done) =>
    node('div', 'mp-sheet mp-picker', [
      node('div', 'mp-picker-bar', [labelled('mp-cancel', '取消', () => done()), node('b', '', [d.headerText]), labelled('mp-confirm', '确定', () => done(read()))]),
      node('div', 'mp-picker-body', controls),
    ], { role: 'dialog', 'aria-modal': 'true', 'aria-label': d.headerText || '选择' }),
  )
}
