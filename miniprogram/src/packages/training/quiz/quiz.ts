import { filling, loading, retrying } from '../../../loading'
import { scale } from '../../../look'
import { forgetAnswers, keepAnswers, openAnswers, type Chosen } from '../../../services/answers'
import { beginAttempt, getAttempt, getCourse, getMaterial, submitAttempt, type Attempt, type Question, type QuizState, type Result } from '../../../services/learning'
import { explain, isCode } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { answersOf, attemptsLine, choose, judgedRow, kindWords, unanswered, type JudgedRow } from './paper'

type Stage = 'intro' | 'paper' | 'result'

Page({
  data: {
    scale,
    ...loading,
    stage: 'intro' as Stage,
    title: '',
    quiz: null as QuizState | null,
    line: '',
    busy: false,
    notice: '',
    questions: [] as Question[],
    at: 0,
    question: null as Question | null,
    kindWord: '',
    marks: {} as Record<string, boolean>,
    dots: [] as { no: number; answered: boolean }[],
    result: null as Result | null,
    rows: [] as JudgedRow[],
  },

  id: '',
  course: '',
  attempt: null as Attempt | null,
  chosen: {} as Chosen,

  onLoad(query: { id?: string; course?: string }) {
    this.id = query.id ?? ''
    this.course = query.course ?? ''
    void this.load()
  },

  ...retrying,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      this.course ||= (await getMaterial(this.id)).course_id
      const item = (await getCourse(this.course)).sections.flatMap((s) => s.items).find((i) => i.id === this.id)
      const quiz = item?.quiz ?? null
      this.setData({ phase: 'ready', stage: 'intro', title: item?.title ?? '测验', quiz, line: quiz ? attemptsLine(quiz, now()) : '', notice: '' })
    })
  },

  async onBegin() {
    if (this.data.busy) return
    this.setData({ busy: true, notice: '' })
    try {
      const open = this.data.quiz?.open_attempt
      this.show(open ? await getAttempt(open) : await beginAttempt(this.id))
    } catch (e) {
      this.setData({ notice: explain(e) })
      if (isCode(e, 'ATTEMPTS_USED_UP')) void this.load()
    }
    this.setData({ busy: false })
  },

  show(attempt: Attempt) {
    this.attempt = attempt
    this.chosen = openAnswers(attempt.id)
    this.setData({ questions: attempt.questions })
    const first = unanswered(attempt.questions, this.chosen)[0]
    this.turn(first ? attempt.questions.indexOf(first) : 0)
  },

  turn(at: number) {
    const question = this.data.questions[at]
    if (!question) return
    this.setData({ stage: 'paper', at, question, kindWord: kindWords[question.kind] })
    this.mark()
  },

  mark() {
    const { question, questions } = this.data
    const chosen = question ? this.chosen[question.no] ?? [] : []
    this.setData({
      marks: Object.fromEntries(chosen.map((k) => [k, true])),
      dots: questions.map((q) => ({ no: q.no, answered: Boolean(this.chosen[q.no]?.length) })),
      notice: '',
    })
  },

  onChoose(e: WechatMiniprogram.TouchEvent<object, object, { key: string }>) {
    const { question } = this.data
    if (!question || !this.attempt) return
    this.chosen = choose(this.chosen, question, e.currentTarget.dataset.key)
    keepAnswers(this.attempt.id, this.chosen)
    this.mark()
  },

  onTurn(e: WechatMiniprogram.TouchEvent<object, object, { to: number }>) {
    this.turn(e.currentTarget.dataset.to)
  },

  async onHandIn() {
    const { attempt, chosen } = this
    if (this.data.busy || !attempt) return
    const open = unanswered(attempt.questions, chosen)
    const { confirm } = await wx.showModal(
      open.length ? { title: `还有 ${open.length} 题没答`, content: '没答的按错算。现在交卷？', confirmText: '交卷', cancelText: '再看看' } : { title: '交卷？', content: '交了就算一次，不能再改。', confirmText: '交卷', cancelText: '再看看' },
    )
    if (!confirm) {
      if (open[0]) this.turn(attempt.questions.indexOf(open[0]))
      return
    }
    this.setData({ busy: true, notice: '' })
    try {
      this.judge(attempt, await submitAttempt(attempt.id, answersOf(attempt.questions, chosen)))
    } catch (e) {
      // The answers are kept; handing in twice is the same as once.
      this.setData({ notice: `${explain(e)}。答案都在，再点一次交卷就好。` })
    }
    this.setData({ busy: false })
  },

  judge(attempt: Attempt, result: Result) {
    forgetAnswers()
    const rows = result.questions.flatMap((j) => {
      const q = attempt.questions.find((x) => x.no === j.no)
      return q ? [judgedRow(q, j)] : []
    })
    this.setData({ stage: 'result', result, rows, line: attemptsLine(result, now()) })
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  onCertificate() {
    const code = this.data.result?.certificate?.check_code
    if (code) void wx.navigateTo({ url: `/packages/training/certificate/certificate?code=${code}` })
  },

  onAgain() {
    this.setData({ phase: 'loading' })
    void this.load()
  },

  onDone() {
    if (getCurrentPages().length > 1) void wx.navigateBack()
    else void wx.redirectTo({ url: `/packages/training/course/course?id=${this.course}` })
  },
})
