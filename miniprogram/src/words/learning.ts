import type { ClassMode, ClassState } from '../services/classes'
import type { Category, CourseSummary, LearningState, MaterialKind } from '../services/learning'
import type { Word } from './agreement'
import { dateWords } from './time'

/** Words of training. The four categories are those of clause 6.2. */
export const categoryWords: Record<Category, { word: string; icon: string }> = {
  operation: { word: '基本操作', icon: 'app' },
  features: { word: '功能使用', icon: 'lightbulb' },
  troubleshooting: { word: '故障排查', icon: 'tools' },
  security_privacy: { word: '数据安全与隐私', icon: 'secured' },
}

export const materialWords: Record<MaterialKind, { word: string; icon: string }> = {
  article: { word: '文章', icon: 'article' },
  video: { word: '视频', icon: 'play-circle' },
  audio: { word: '音频', icon: 'sound' },
  pdf: { word: 'PDF', icon: 'file-pdf' },
  slides: { word: '幻灯片', icon: 'slideshow' },
  link: { word: '去看看', icon: 'link' },
  quiz: { word: '测验', icon: 'help-circle' },
}

export const learningStates: Record<LearningState, Word> = {
  not_started: { text: '还没开始', tone: 'quiet', icon: 'time' },
  in_progress: { text: '学习中', tone: 'brand', icon: 'book-open' },
  completed: { text: '已学完', tone: 'good', icon: 'check-circle' },
}

export const classStates: Record<ClassState, Word> = {
  proposed: { text: '待对方同意', tone: 'warn', icon: 'hourglass' },
  agreed: { text: '已约定', tone: 'brand', icon: 'usergroup' },
  declined: { text: '未同意', tone: 'quiet', icon: 'close-circle' },
  running: { text: '进行中', tone: 'good', icon: 'play-circle' },
  held: { text: '待签署', tone: 'warn', icon: 'edit-1' },
  signed: { text: '双方已签', tone: 'good', icon: 'verified' },
  cancelled: { text: '已取消', tone: 'quiet', icon: 'rollback' },
}

export const modeWords: Record<ClassMode, string> = { online: '线上', on_site: '线下' }

/** 今天 · 还有 3 天 · 已过 2 天, of a calendar date. */
export function dueWords(on: string, today: string): { text: string; late: boolean; near: boolean } {
  const days = Math.round((Date.parse(on) - Date.parse(today)) / 86_400_000)
  if (days < 0) return { text: `应在 ${dateWords(on)} 前学完，已过 ${-days} 天`, late: true, near: false }
  if (days === 0) return { text: '今天要学完', late: false, near: true }
  return { text: days <= 7 ? `还有 ${days} 天（${dateWords(on)}前）` : `${dateWords(on)}前学完`, late: false, near: days <= 7 }
}

/** 12 分钟 · 4 项 · 必修 */
export function courseFacts(c: Pick<CourseSummary, 'minutes' | 'items' | 'mandatory'>): string {
  return [c.minutes ? `约 ${c.minutes} 分钟` : '', `${c.items} 项`, c.mandatory ? '必修' : '选修'].filter(Boolean).join(' · ')
}

/** 3:05 · 1:02:09 */
export function playTime(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const two = (n: number): string => String(n).padStart(2, '0')
  const hours = Math.floor(s / 3600)
  return hours ? `${hours}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`
}
