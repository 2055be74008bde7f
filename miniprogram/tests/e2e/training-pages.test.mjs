// Every page of training and of writing courses: pictures in three looks, and what axe says.
import { after, before } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { ARTICLE, fresh, published, QUIZ, recording, slides, uploaded } from './courses.mjs'
import { lookAt } from './looks.mjs'

let host, course, session, items
before(async () => {
  host = await startHost()
  const [, linmin, zhouke, hejun] = await Promise.all(['chenyu', 'linmin', 'zhouke', 'hejun'].map(person))
  course = await published(zhouke, hejun, { category: 'operation', title: fresh('样子'), mandatory_for: ['*'], due_days: 5 }, [
    ARTICLE('读一段', '## 三件事\n\n看到什么、**什么时候**、影响到谁。\n\n- 点了哪里\n- 几点\n\n> 8 小时内响应。\n\n| 程度 | 意思 |\n| --- | --- |\n| 严重 | 很多人用不了 |\n'),
    { kind: 'video', title: '看一段', upload_id: await uploaded(zhouke, 'report-a-fault/clip.mp4'), captions: 'WEBVTT\n\n00:00.000 --> 00:20.000\n打开首页，按「报告故障」\n' },
    { kind: 'pdf', title: '翻一张卡片', upload_id: await uploaded(zhouke, 'first-login/quick-card.pdf') },
    await slides(zhouke, '翻几页', 4),
    await recording(zhouke, '听一段'),
    QUIZ('学会了吗'),
  ])
  items = Object.fromEntries(course.sections.flatMap((s) => s.items).map((i) => [i.kind, i.id]))
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()
  session = await hejun.post('/training-sessions', { category: 'operation', title: fresh('样子班'), mode: 'on_site', place: '三楼会议室', agenda: '一、下单\n二、改单', starts_at: at(10), ends_at: at(70), trainer_id: hejun.me.id, departments: ['*'], capacity: 20 })
  await linmin.actOn(`/training-sessions/${session.id}`, 'agree')
  await hejun.actOn(`/training-sessions/${session.id}`, 'start')
})
after(() => host.close())

const T = (name, query = '') => `packages/training/${name}/${name}${query}`
const A = (name, query = '') => `packages/authoring/${name}/${name}${query}`
lookAt(() => host, {
  chenyu: () => [
    ['pages/training/training'], [T('course', `?id=${course.id}`)], [T('reader', `?id=${items.article}`)], [T('reader', `?id=${items.pdf}`), 'document'], [T('player', `?id=${items.video}`)], [T('slides', `?id=${items.slides}`)], [T('player', `?id=${items.audio}`), 'audio'],
    [T('quiz', `?id=${items.quiz}&course=${course.id}`), 'quiz'], [T('wrong')], [T('certificates')], [T('classes')], [T('class', `?id=${session.id}`)], [T('search', `?q=${encodeURIComponent('故障')}`)],
  ],
  linmin: () => [['pages/training/training', 'training-manager'], [T('coverage')], [T('people', '?category=operation')], [T('class', `?id=${session.id}`), 'class-manager'], [T('classes'), 'classes-manager', '提一个培训班']],
  hejun: () => [['pages/training/training', 'training-vendor'], [T('class', `?id=${session.id}`), 'class-trainer', '下课'], [T('code', `?id=${session.id}`)], [A('courses'), 'authoring', '新课程'], [A('course', `?id=${course.id}`), 'authoring-course'], [A('item', `?course=${course.id}&id=${items.article}`), 'authoring-item'], [A('item', `?course=${course.id}&id=${items.slides}`), 'authoring-slides']],
})
