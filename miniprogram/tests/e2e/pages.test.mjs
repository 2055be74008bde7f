// How the main pages look and read: a picture of each in light, dark and with large text, and axe's verdict on them.
import { after, before } from 'node:test'
import { person, ticketsTitled } from './backend.mjs'
import { startHost } from './browser.mjs'
import { lookAt } from './looks.mjs'

let host, ticket, change, visited, incident
before(async () => {
  host = await startHost()
  const [chenyu, zhouke, linmin, hejun] = await Promise.all(['chenyu', 'zhouke', 'linmin', 'hejun'].map(person))
  const title = '值班表显示不全'
  ticket = (await ticketsTitled(chenyu, 'mine', title))[0] ?? (await chenyu.post('/tickets', { kind: 'fault', title, description: '周末两天的值班人是空的，工作日正常。', severity: 'minor' }))
  ;[change, visited, incident] = await Promise.all([repliedChange(chenyu, linmin, zhouke, hejun), visitedConsultation(chenyu, linmin, zhouke, hejun), gradedIncident(chenyu, linmin, hejun)])
})
after(() => host.close())

/** A change with a second version of its notice, a contact and a signed reply: every paper that a decision needs. */
async function repliedChange(chenyu, linmin, zhouke, hejun) {
  const wished = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
  const { id } = await chenyu.post('/tickets', { kind: 'change', title: '订单列表增加导出', description: '现在只能一页页抄。希望按月导出成表格。', wished_on: wished })
  await linmin.act(id, 'issue')
  await linmin.act(id, 'edit_notice', { description: '现在只能一页页抄。希望按月导出成表格，含收货地址。' })
  await zhouke.act(id, 'log_contact', { channel: 'phone', text: '确认了导出的列和时间范围。' })
  return hejun.act(id, 'reply', { schedule: '推迟 2 个工作日，其余计划不变', cost: '增加 3 人天，共 4500 元', quality: '导出和权限重新测试', decision: 'partial' })
}

async function visitedConsultation(chenyu, linmin, zhouke, hejun) {
  const { id } = await chenyu.post('/tickets', { kind: 'consultation', title: '扫码枪连不上', description: '二号厂房的扫码枪连不上。', mode: 'on_site' })
  await linmin.act(id, 'request_visit', { text: '二号厂房门口找我。' })
  await hejun.act(id, 'schedule_visit', { visit_at: new Date(Date.now() + 86_400_000).toISOString() })
  await zhouke.act(id, 'arrive')
  await zhouke.act(id, 'leave', { text: '重配了扫码枪，试扫 20 次都正常。' })
  return zhouke.act(id, 'request_remote', { text: '看一下导出设置，大约 10 分钟，不改数据。' })
}

async function gradedIncident(chenyu, linmin, hejun) {
  const { id } = await chenyu.post('/tickets', { kind: 'incident', title: '没登录也能看到别人的订单', description: '订单分享页看到了别家的订单。' })
  await hejun.act(id, 'notify_client', { text: '可能涉及分享过的订单；已在下线分享。' })
  await hejun.act(id, 'propose_grade', { grade: 'major', text: '约三百个订单能被看到。' })
  return linmin.act(id, 'agree_grade')
}

const REPORT = 'packages/ticket/report/report?kind='
const DETAIL = 'packages/ticket/detail/detail?id='
const pagesOf = {
  chenyu: () => [
    ['pages/home/home'], ['pages/tickets/tickets'], ['pages/mine/mine'], ['packages/account/inbox/inbox'],
    [`${REPORT}fault`], ...['consultation', 'change', 'quality', 'incident'].map((k) => [REPORT + k, `report-${k}`]),
    [DETAIL + ticket.id], [DETAIL + visited.id, 'detail-visit'],
    [`packages/ticket/timeline/timeline?id=${ticket.id}`], [`packages/ticket/clocks/clocks?id=${ticket.id}`], [`packages/ticket/receipt/receipt?id=${ticket.id}`],
  ],
  zhouke: () => [['pages/desk/desk'], [DETAIL + ticket.id]],
  linmin: () => [
    ['pages/home/home'], ['packages/account/inbox/inbox'], ...['report', 'inspection', 'invoice'].map((k) => [REPORT + k, `report-${k}`]),
    ['packages/account/people/people'], [DETAIL + change.id, 'detail-change', '同意'], [DETAIL + incident.id, 'detail-incident', '是否上报'], [`packages/ticket/clocks/clocks?id=${change.id}`, 'clocks-change'],
  ],
  hejun: () => [[DETAIL + change.id, 'detail-change']],
  newcomer: () => [['packages/account/binding/binding'], ['packages/account/notice/notice']],
}

lookAt(() => host, pagesOf)
