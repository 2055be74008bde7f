// Files of courses on their way: in pieces, from where they broke off, each byte once; and slides as a text of pictures.
import { beforeEach, expect, test, vi } from 'vitest'
import { bodyOf, leavesOf, moved } from '../../src/packages/authoring/pages'
import { reset, sent, serve, signedIn, wx, type Sent } from './fake-wx'

const MIB = 1024 * 1024
const load = () => import('../../src/services/uploads')
const reads: { position: number; length: number }[] = []

/** A server that holds what arrived, and loses the answers or the bytes that `trouble` names. */
function server(size: number, trouble: (put: number) => '' | 'lost' | 'deaf' | 'refused' = () => '') {
  const state = { offset: 0, begun: 0, puts: 0 }
  serve((s: Sent) => {
    if (s.method === 'POST' && s.path === '/uploads') {
      state.begun++
      return { status: 201, body: { id: 'u1', offset: state.offset, ready: false } }
    }
    if (s.method === 'GET') return { status: 200, body: { id: 'u1', offset: state.offset, ready: state.offset === size } }
    const at = Number(s.header['upload-offset'])
    const what = trouble(++state.puts)
    if (what === 'refused') return { status: 415, body: { code: 'ATTACHMENT_TYPE', title: '这个文件不是 PDF' } }
    if (what === 'deaf') return 'lost'
    if (at !== state.offset) return { status: 409, body: { code: 'UPLOAD_OFFSET_WRONG', title: '位置不对' } }
    state.offset = Math.min(size, at + MIB)
    return what === 'lost' ? 'lost' : { status: 204, header: { 'Upload-Offset': String(state.offset) } }
  })
  return state
}

beforeEach(() => {
  reset()
  signedIn()
  reads.length = 0
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 500 })
  Object.assign(wx, {
    getFileSystemManager: () => ({
      readFile: (o: { position: number; length: number; success: (r: { data: ArrayBuffer }) => void }) => {
        reads.push({ position: o.position, length: o.length })
        o.success({ data: new ArrayBuffer(o.length) })
      },
    }),
  })
})

const film = (size: number) => ({ path: 'wxfile://tmp_1.mp4', name: 'wxfile://tmp_1.mp4', size })

test('a file goes in pieces, with its progress, and is announced as what it is', async () => {
  const size = 2 * MIB + 5
  const state = server(size)
  const { sendAll, sendingOf } = await load()
  const told: number[] = []
  await expect(sendAll([sendingOf(film(size))], (p) => told.push(p))).resolves.toEqual(['u1'])
  expect(sent[0]?.data).toEqual({ name: 'wxfile://tmp_1.mp4', size, media_type: 'video/mp4' })
  expect(reads).toEqual([{ position: 0, length: MIB }, { position: MIB, length: MIB }, { position: 2 * MIB, length: 5 }])
  expect(told).toEqual([0, 49, 99, 100])
  expect([state.offset, state.puts]).toEqual([size, 3])
})

test('after a lost answer and a lost piece it goes on from what the server has', async () => {
  const size = 3 * MIB
  const state = server(size, (put) => (put === 1 ? 'lost' : put === 3 ? 'deaf' : ''))
  const { sendAll, sendingOf } = await load()
  await sendAll([sendingOf(film(size))], () => undefined)
  expect(reads.map((r) => r.position / MIB)).toEqual([0, 1, 2, 2])
  expect([state.offset, state.begun]).toEqual([size, 1])
})

test('when the network is away for long it stops, and goes on later without sending anything twice', async () => {
  const size = 2 * MIB
  let away = true
  const state = server(size, (put) => (put > 1 && away ? 'deaf' : ''))
  const { sendAll, sendingOf } = await load()
  const sending = [sendingOf(film(size))]
  await expect(sendAll(sending, () => undefined)).rejects.toMatchObject({ unanswered: true })
  away = false
  await expect(sendAll(sending, () => undefined)).resolves.toEqual(['u1'])
  expect([state.offset, state.begun, reads[reads.length - 1]?.position]).toEqual([size, 1, MIB])
  const before = sent.length
  await sendAll(sending, () => undefined)
  expect(sent.length).toBe(before)
})

test('what the server refuses is not sent again, and an unknown ending is refused before anything is sent', async () => {
  const state = server(MIB, () => 'refused')
  const { sendAll, sendingOf } = await load()
  await expect(sendAll([sendingOf(film(MIB))], () => undefined)).rejects.toMatchObject({ code: 'ATTACHMENT_TYPE' })
  expect(state.puts).toBe(1)
  sent.length = 0
  await expect(sendAll([sendingOf({ ...film(5), name: 'a.docx' })], () => undefined)).rejects.toMatchObject({ status: 415 })
  expect(sent).toEqual([])
})

test('slides are taken apart and put together again, and pages move', () => {
  const body = '![先报修](images/a)\n\n## 先报修\n\n说清。\n\n![第 2 页](images/b)\n\n![第 3 张](upload:c)\n\n最后\n\n'
  const leaves = leavesOf(body)
  expect(leaves).toEqual([
    { alt: '先报修', target: 'images/a', words: '## 先报修\n\n说清。' },
    { alt: '', target: 'images/b', words: '' },
    { alt: '', target: 'upload:c', words: '最后' },
  ])
  expect(leavesOf(bodyOf(leaves))).toEqual(leaves)
  const turned = moved(leaves, 2, -1)
  expect(turned.map((l) => l.target)).toEqual(['images/a', 'upload:c', 'images/b'])
  expect(bodyOf(turned)).toContain('![第 2 页](upload:c)\n\n最后\n\n![第 3 页](images/b)')
  expect([moved(leaves, 0, -1), moved(leaves, 2, 1)]).toEqual([leaves, leaves])
  expect(leavesOf('没有图')).toEqual([])
})
