import { filling, loading, reloading } from '../../../loading'
import { scale } from '../../../look'
import { listWrongAnswers, type WrongAnswer } from '../../../services/learning'
import { explain } from '../../../services/problem'
import { now } from '../../../services/server-time'
import { ensureSession } from '../../../services/session'
import { timeWords } from '../../../words/time'
import { judgedRow, type JudgedRow } from '../quiz/paper'

interface Row extends JudgedRow {
  key: string
  quiz: string
  course: string
  when: string
}

const row = (w: WrongAnswer, i: number): Row => ({
  ...judgedRow({ no: i, kind: 'multiple', text: w.question, options: w.options }, { no: i, right: false, chosen: w.chosen, correct: w.correct, explanation: w.explanation }),
  key: `${w.quiz_id}${w.at}${i}`,
  quiz: w.quiz_id,
  course: w.course_id,
  when: timeWords(w.at, now()),
})

Page({
  data: { scale, ...loading, rows: [] as Row[], cursor: '' },

  onShow() {
    void this.load()
  },

  ...reloading,

  async load() {
    await filling(this, async () => {
      await ensureSession()
      const { items, next_cursor } = await listWrongAnswers()
      this.setData({ phase: 'ready', rows: items.map(row), cursor: next_cursor ?? '' })
    })
  },

  async onReachBottom() {
    const { cursor, rows } = this.data
    if (!cursor) return
    this.setData({ cursor: '' })
    try {
      const { items, next_cursor } = await listWrongAnswers(cursor)
      this.setData({ rows: [...rows, ...items.map((w, i) => row(w, rows.length + i))], cursor: next_cursor ?? '' })
    } catch (e) {
      this.setData({ cursor })
      void wx.showToast({ title: explain(e), icon: 'none' })
    }
  },

  onQuiz(e: WechatMiniprogram.TouchEvent<object, object, { quiz: string; course: string }>) {
    const { quiz, course } = e.currentTarget.dataset
    void wx.navigateTo({ url: `/packages/training/quiz/quiz?id=${quiz}&course=${course}` })
  },

  onCourses() {
    void wx.switchTab({ url: '/pages/training/training' })
  },
})
