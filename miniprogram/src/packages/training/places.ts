import type { MaterialKind } from '../../services/learning'

const T = '/packages/training'
const pages: Record<MaterialKind, string> = { article: 'reader', pdf: 'reader', slides: 'slides', video: 'player', audio: 'player', link: 'reader', quiz: 'quiz' }

/** Where an item of a course is read, watched or answered. */
export const placeOfItem = (kind: MaterialKind, id: string, course: string): string => `${T}/${pages[kind]}/${pages[kind]}?id=${id}&course=${course}`
