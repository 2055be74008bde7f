import { showTab } from '../../components/tab'
import { filling, loading, reloading } from '../../loading'
import { scale } from '../../look'
import { sendLeftovers } from '../../services/beats'
import { listClasses, type TrainingClass } from '../../services/classes'
import { face, isManager, readsAll } from '../../services/face'
import { CATEGORIES, listCourses, type Category, type CourseSummary } from '../../services/learning'
import { now } from '../../services/server-time'
import { ensureSession } from '../../services/session'
import { categoryWords, courseFacts, dueWords } from '../../words/learning'
import { beijingDate } from '../../words/time'

interface Card {
  id: string
  title: string
  facts: string
  percent: number
  done: boolean
  hasNew: boolean
  due: string
  late: boolean
}

interface Group {
  category: Category
  word: string
  icon: string
  cards: Card[]
}

interface Link {
  text: string
  icon: string
  url: string
}

const T = '/packages/training'
const everyones: Link[] = [
  { text: '培训班', icon: 'usergroup', url: `${T}/classes/classes` },
  { text: '错题本', icon: 'book', url: `${T}/wrong/wrong` },
  { text: '我的证书', icon: 'certificate', url: `${T}/certificates/certificates` },
]
const coverage: Link = { text: '覆盖情况', icon: 'chart-bar', url: `${T}/coverage/coverage` }
const authoring: Link = { text: '写课程', icon: 'edit-1', url: '/packages/authoring/courses/courses' }

function linksOf(): Link[] {
  if (face() === 'vendor') return [...everyones, coverage, authoring]
  return isManager() || readsAll() ? [...everyones, coverage] : everyones
}

function card(c: CourseSummary): Card {
  const done = c.my.state === 'completed'
  const due = c.due_on && !done ? dueWords(c.due_on, beijingDate(now())) : null
  return { id: c.id, title: c.title, facts: courseFacts(c), percent: c.my.percent, done, hasNew: c.my.has_new, due: due?.text ?? '', late: due?.late ?? false }
}

/** What is due comes first, then what is begun; what is done sinks. */
const rank = (c: CourseSummary): number => (c.my.state === 'completed' ? (c.my.has_new ? 2 : 3) : c.due_on ? 0 : c.my.state === 'in_progress' ? 1 : 2)
const order = (a: CourseSummary, b: CourseSummary): number => rank(a) - rank(b) || (a.due_on ?? '').localeCompare(b.due_on ?? '')

const groupsOf = (courses: CourseSummary[]): Group[] =>
  CATEGORIES.map((category) => ({ category, ...categoryWords[category], cards: courses.filter((c) => c.category === category).sort(order).map(card) })).filter((g) => g.cards.length)

function summaryOf(courses: CourseSummary[]): string {
  const owed = courses.filter((c) => c.mandatory && c.my.state !== 'completed').length
  if (owed) return `还有 ${owed} 门必修没学完`
  return courses.some((c) => c.mandatory) ? '必修都学完了，真好' : '想学什么，随时都在'
}

Page({
  data: { scale, ...loading, summary: '', groups: [] as Group[], links: everyones, running: null as { id: string; title: string } | null },

  onShow() {
    showTab(this, '/pages/training/training')
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      showTab(this, '/pages/training/training')
      // What a bad network kept back counts before the rings are drawn; when it still cannot be sent, it stays kept.
      await sendLeftovers()
      const courses = await allCourses()
      this.setData({ phase: 'ready', groups: groupsOf(courses), summary: summaryOf(courses), links: linksOf() })
      void this.lookForClass()
    })
  },

  /** Beside the courses: a class that runs now and waits for this person's sign-in. */
  async lookForClass() {
    const { items } = await listClasses('mine').catch(() => ({ items: [] as TrainingClass[] }))
    const running = items.find((c) => c.state === 'running' && c.my.enrolled && !c.my.signed_in_at)
    this.setData({ running: running ? { id: running.id, title: running.title } : null })
  },

  onSearch() {
    void wx.navigateTo({ url: `${T}/search/search` })
  },

  onLink(e: WechatMiniprogram.TouchEvent<object, object, { url: string }>) {
    void wx.navigateTo({ url: e.currentTarget.dataset.url })
  },

  onCourse(e: WechatMiniprogram.TouchEvent<object, object, { id: string }>) {
    void wx.navigateTo({ url: `${T}/course/course?id=${e.currentTarget.dataset.id}` })
  },

  onClass() {
    if (this.data.running) void wx.navigateTo({ url: `${T}/class/class?id=${this.data.running.id}` })
  },
})

async function allCourses(): Promise<CourseSummary[]> {
  const courses: CourseSummary[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: CourseSummary[]; next_cursor: string | null } = await listCourses('', cursor)
    courses.push(...page.items)
    cursor = page.next_cursor
  }
  return courses
}
