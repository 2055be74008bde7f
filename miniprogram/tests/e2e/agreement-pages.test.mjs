// Every page of the agreement, for those who read it: pictures in three looks, and what axe says.
import { after, before } from 'node:test'
import { person } from './backend.mjs'
import { startHost } from './browser.mjs'
import { lookAt } from './looks.mjs'

let host, linmin, hejun, proposal, report, delivery, breach, renewal
const duty = { id: '' }
before(async () => {
  host = await startHost()
  ;[linmin, hejun] = await Promise.all(['linmin', 'hejun'].map(person))
  await Promise.all(['chenyu', 'zhouke', 'auditor'].map(person))
  const first = async (path) => (await linmin.get(path)).items[0]
  proposal = await hejun.post('/contract/parameters', { changes: { P14: `${20 + Math.floor(Math.random() * 100)} working hours`, P3: 'informational' }, reason: '年底人手少，先把咨询放宽一些。' })
  // The demonstration begins with an offer to renew; where it was signed before, there is another.
  const { pending, expires_on } = await linmin.get('/contract')
  if (!pending.some((p) => p.kind === 'renewal')) renewal = await hejun.post('/contract/renewals', { expires_on: expires_on.replace(/^\d+/, (y) => String(Number(y) + 1)) })
  const milestones = (await linmin.get('/contract/milestones')).items
  report = milestones.find((m) => m.kind === 'first_report')
  if (report.state === 'open') await hejun.actOn(`/contract/milestones/${report.id}`, 'submit', { text: '原型与接口评审已完成，正在做订单与报表；风险：扫码枪型号还没定。' })
  await hejun.post('/contract/maintenance', { kind: 'restore_drill', performed_at: new Date(Date.now() - 3_600_000).toISOString(), result: 'ok', restore_minutes: 38, data_point: new Date(Date.now() - 7_200_000).toISOString(), note: '从昨夜备份恢复到演练环境，抽查 20 张单据一致。' })
  delivery = (await first('/contract/deliveries')) ?? (await hejun.post('/contract/deliveries', { items: ['user_manual', 'test_report', 'source_code'].map((item) => ({ item, name: `${item} v1.0`, ip_label: 'client', sha256: 'ab'.repeat(32) })) }))
  breach = await first('/contract/breaches?limit=1')
  duty.id = (await first('/contract/obligations?side=vendor&limit=1'))?.id
})
after(async () => {
  await hejun.actOn(`/contract/parameters/${proposal.id}`, 'withdraw').catch(() => undefined)
  if (renewal) await hejun.actOn(`/contract/renewals/${renewal.id}`, 'withdraw').catch(() => undefined)
  await host.close()
})

const A = 'packages/agreement'
const inPackage = (name, query = '') => `${A}/${name}/${name}${query}`
lookAt(() => host, {
  linmin: () => [
    [inPackage('home'), 'agreement'], [inPackage('duty', `?id=${duty.id}`)], [inPackage('parameters')], [inPackage('parameter', '?code=P9'), 'parameter', '提出改动'],
    [inPackage('annex', `?id=${proposal.id}`), 'annex', '签署'], [inPackage('flaws')], [inPackage('calendar')], [inPackage('import')], [inPackage('milestones')],
    [inPackage('milestone', `?id=${report.id}`)], [inPackage('delivery', `?id=${delivery.id}`)], [inPackage('maintenance')], [inPackage('renewal'), 'renewal', '签署'], [inPackage('exit')], [inPackage('breaches')],
    ...(breach ? [[inPackage('breach', `?id=${breach.id}`)]] : []), ['pages/home/home', 'home-entry'],
  ],
  hejun: () => [[inPackage('home'), 'agreement'], [inPackage('maintenance'), 'maintenance', '记一次维护'], [inPackage('hand-over'), 'hand-over', '加一项'], ['pages/desk/desk', 'desk-entry']],
  chenyu: () => [[inPackage('calendar')], [inPackage('home'), 'agreement-refused']],
})
