import { CATEGORIES, type Category, type Coverage, type CoverageRow } from '../../../services/learning'
import { categoryWords } from '../../../words/learning'

/** One measure of the report, as bars and as sentences that say the same. */
export type Measure = 'completed' | 'passed' | 'attended'

export interface Bar {
  department: string
  percent: number
  value: string
  /** The bar read aloud. */
  spoken: string
  late: string
}

export interface Block {
  category: Category
  word: string
  line: string
  bars: Bar[]
}

export const measures: { value: Measure; text: string }[] = [
  { value: 'completed', text: '学完' },
  { value: 'passed', text: '测验通过' },
  { value: 'attended', text: '到课' },
]

const shareOf = (part: number, whole: number): number => (whole > 0 ? Math.min(100, Math.round((part * 100) / whole)) : 0)
const rateOf = (r: Pick<CoverageRow, 'pass_rate' | 'passed' | 'attempts'>): number => Math.round(r.pass_rate ?? shareOf(r.passed, r.attempts))

function bar(r: CoverageRow, measure: Measure): Bar {
  const late = r.overdue ? `${r.overdue} 人逾期` : ''
  if (measure === 'passed') {
    const value = r.attempts ? `${rateOf(r)}%（${r.passed} / ${r.attempts} 次）` : '还没人做'
    return { department: r.department, percent: r.attempts ? rateOf(r) : 0, value, spoken: `${r.department}，测验通过率 ${value}`, late: '' }
  }
  const count = measure === 'completed' ? r.completed : r.attended
  const value = `${count} / ${r.people} 人`
  return { department: r.department, percent: shareOf(count, r.people), value, spoken: `${r.department}，${measure === 'completed' ? '学完' : '到课'} ${value}`, late: measure === 'completed' ? late : '' }
}

export function blocksOf(c: Coverage, measure: Measure): Block[] {
  return CATEGORIES.map((category) => {
    const total = c.totals.find((t) => t.category === category)
    const line = total ? `${total.completed} / ${total.people} 人学完；开班 ${total.held} / ${total.planned} 次，${total.attended} 人到课${total.attempts ? `；测验通过 ${rateOf(total)}%` : ''}` : '还没有课程'
    return { category, word: categoryWords[category].word, line, bars: c.rows.filter((r) => r.category === category).map((r) => bar(r, measure)) }
  })
}

/** For pasting into a spreadsheet. */
export const tableOf = (c: Coverage): string =>
  [
    ['类别', '部门', '人数', '计划开班', '已开班', '到课', '开始学', '学完', '测验次数', '通过次数', '通过率', '逾期'],
    ...c.rows.map((r) => [categoryWords[r.category].word, r.department, r.people, r.planned, r.held, r.attended, r.started, r.completed, r.attempts, r.passed, r.attempts ? `${rateOf(r)}%` : '', r.overdue]),
  ]
    .map((line) => line.join('\t'))
    .join('\n')
