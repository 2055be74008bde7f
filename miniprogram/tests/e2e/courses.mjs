// Courses for the tests, made through the same calls as the vendor's own: written by one, reviewed by another.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { API } from './browser.mjs'

const COURSES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../config/courses')
const MEDIA = { mp4: 'video/mp4', m4a: 'audio/mp4', pdf: 'application/pdf', png: 'image/png' }

/** Uploads a file of the repository's own courses, in two parts, as a bad network would; returns its id. */
export async function uploaded(who, file) {
  const bytes = fs.readFileSync(path.join(COURSES, file))
  const { id } = await who.post('/uploads', { name: path.basename(file), size: bytes.length, media_type: MEDIA[file.split('.').pop()] })
  const half = Math.floor(bytes.length / 2)
  for (const [from, part] of [[0, bytes.subarray(0, half)], [half, bytes.subarray(half)]]) {
    const answer = await fetch(`${API}/api/v1/uploads/${id}`, { method: 'PATCH', headers: { authorization: `Bearer ${who.token}`, 'upload-offset': String(from), 'content-type': 'application/octet-stream' }, body: part })
    assert.ok(answer.ok, `upload: ${answer.status} ${await answer.text()}`)
  }
  return id
}

/** A published course of these items, by the author `zhouke` and the reviewer `hejun`. */
export async function published(zhouke, hejun, about, items) {
  let course = await zhouke.post('/courses', { summary: '为测试写的一门短课。', mandatory_for: [], ...about })
  const path = `/courses/${course.id}`
  for (const item of items) course = await zhouke.send('POST', `${path}/items`, { section_title: '一、开始', required: true, ...item }, course.version)
  const act = async (who, action) => (course = await who.send('POST', `${path}/actions`, { action }, course.version))
  await act(zhouke, 'submit_for_review')
  await act(hejun, 'approve')
  await act(hejun, 'publish')
  return course
}

export const ARTICLE = (title, body) => ({ kind: 'article', title, body_md: body, min_dwell_seconds: 5 })

/** Slides of the repository's own course on deadlines: so many of its pages, the first with words. */
export async function slides(who, title, pages, more = {}) {
  const ids = []
  for (let page = 1; page <= pages; page++) ids.push(await uploaded(who, `agreement-and-deadlines/october/${page}.png`))
  return { kind: 'slides', title, body_md: ids.map((id, i) => `![第 ${i + 1} 张](upload:${id})\n\n${i ? '' : '## 昼夜连着走\n\n放假**也走**。\n'}`).join('\n'), ...more }
}

/** The recording of the repository with its captions. */
export const recording = async (who, title, more = {}) => ({ kind: 'audio', title, upload_id: await uploaded(who, 'before-you-report/three.m4a'), captions: fs.readFileSync(path.join(COURSES, 'before-you-report/three.vtt'), 'utf8'), ...more })

/** Two questions whose right answers are told by their texts. */
export const QUIZ = (title) => ({
  kind: 'quiz', title,
  questions_text: ['+++', 'pass = 80', 'attempts = 3', '+++', '', '## 报故障后多久有人响应？', '', '- [x] 八小时内', '- [ ] 三天内', '- [ ] 没有规定', '', '> 协议 4.2：8 小时内响应。', '', '## 写现象时哪些有用？', '', '- [x] 点了哪里', '- [x] 看到什么', '- [ ] 抱怨几句', '', '> 点了哪里、看到什么，工程师才好判断。', ''].join('\n'),
})

export const RIGHT = ['八小时内', '点了哪里', '看到什么']

/** A title that no other run has used. */
export const fresh = (title) => `${title} ${randomUUID().slice(0, 4)}`
