import type { CourseAction, CourseState } from '../../services/courses'
import type { Word } from '../../words/agreement'

/** Words of writing courses: a draft, a second pair of eyes, an edition. */
export const courseStates: Record<CourseState, Word> = {
  draft: { text: '草稿', tone: 'brand', icon: 'edit-1' },
  in_review: { text: '待审核', tone: 'warn', icon: 'hourglass' },
  approved: { text: '可以发布', tone: 'good', icon: 'check-circle' },
  published: { text: '已发布', tone: 'good', icon: 'verified' },
  withdrawn: { text: '已下架', tone: 'quiet', icon: 'rollback' },
}

export const actionWords: Record<CourseAction, string> = {
  submit_for_review: '提交审核', return_draft: '退回', approve: '审核通过', publish: '发布', withdraw: '下架', revise: '改一版',
}
