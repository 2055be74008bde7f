// The demo page's choices. People come from people.json beside it; what is chosen stands in the address,
// so that a link shows the same phones again. On a small screen a person's phone fills the screen instead.
const BUILT_IN = [
  { user: 'chenyu', name: '陈宇', role: '员工 · 市场部', side: 'client', line: '发现问题报故障，最后确认修好' },
  { user: 'linmin', name: '林敏', role: '甲方经理', side: 'client', line: '看全部工单和超时，可撤回、合并' },
  { user: 'zhouke', name: '周可', role: '乙方客服', side: 'vendor', line: '受理工单，回复、给方案、标记修好' },
  { user: 'hejun', name: '何军', role: '乙方负责人', side: 'vendor', line: '给同事派单，盯着快到期的承诺' },
  { user: 'auditor', name: '梁审', role: '审计员', side: 'client', line: '只看不改，核对时间线和记录' },
  { user: 'admin', name: '管平', role: '管理员', side: 'client', line: '管平台，看不到工单内容' },
  { user: 'newcomer', name: '新小米', role: '还没绑定', side: null, line: '用邀请码，或手机号加工号绑定身份' },
]
const FRAME_HEIGHT = 868
const FRAME_WIDTH = 414
const small = matchMedia('(max-width: 820px)')

const address = new URLSearchParams(location.search)
const state = {
  people: BUILT_IN,
  phones: address.get('phones') === '2' ? 2 : 1,
  theme: address.get('theme') === 'dark' ? 'dark' : 'light',
  font: ['1', '1.2', '1.4'].includes(address.get('font')) ? address.get('font') : '1',
  left: address.get('user') ?? '',
  right: address.get('right') ?? '',
}

const element = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}
const person = (user) => state.people.find((p) => p.user === user)
const first = (side) => state.people.find((p) => p.side === side) ?? state.people[0]
const appAddress = (user, extra = {}) => `app.html?${new URLSearchParams({ user, theme: state.theme, ...(state.font === '1' ? {} : { font: state.font }), ...extra })}`

function remember() {
  const q = new URLSearchParams()
  q.set('user', state.left)
  if (state.phones === 2) {
    q.set('phones', '2')
    q.set('right', state.right)
  }
  if (state.theme !== 'light') q.set('theme', state.theme)
  if (state.font !== '1') q.set('font', state.font)
  history.replaceState(null, '', `?${q}`)
}

const shownUsers = () => (state.phones === 2 ? [state.left, state.right] : [state.left])

/** Keeps a phone that already shows the right person, so that switching to two phones interrupts nobody. */
function drawPhones(reload = false) {
  const stage = document.getElementById('stage')
  const kept = new Map([...stage.children].map((slot) => [slot.dataset.user, slot]))
  const wanted = shownUsers()
  for (const [user, slot] of kept) if (reload || !wanted.includes(user)) slot.remove()
  wanted.forEach((user, at) => {
    const old = reload ? null : kept.get(user)
    const p = person(user)
    const slot = old ?? element('section', { className: 'slot' },
      element('h2', {}, element('b', { textContent: p.name }), ` · ${p.role}`),
      element('div', { className: 'fit' }, element('div', { className: 'frame' }, element('iframe', { title: `${p.name}的手机`, src: appAddress(user) }))))
    slot.dataset.user = user
    slot.style.order = String(at)
    if (!old) stage.append(slot)
  })
  fit()
}

function fit() {
  const room = document.documentElement.clientWidth - 372 - 40 - 56 - (state.phones - 1) * 28
  const scale = Math.min(1, (innerHeight - 40 - 30) / FRAME_HEIGHT, room / state.phones / FRAME_WIDTH)
  document.documentElement.style.setProperty('--scale', String(Math.max(0.4, scale)))
}

function drawPeople() {
  const shown = shownUsers()
  document.getElementById('people').replaceChildren(
    ...state.people.map((p) => {
      const input = element('input', { type: state.phones === 2 ? 'checkbox' : 'radio', name: 'person', value: p.user, checked: shown.includes(p.user) })
      // A click on the one already chosen is a wish too: on a small screen it opens the phone.
      input.addEventListener('click', () => choose(p))
      return element('label', { className: 'person' }, input,
        element('span', { className: `face ${p.side ?? ''}`, textContent: p.name.slice(0, 1) }),
        element('span', { className: 'who' },
          element('span', { className: 'user', textContent: p.user }), element('b', { textContent: p.name }), element('span', { className: 'role', textContent: p.role }),
          element('small', { textContent: p.line }), ...(p.hint ? [element('small', { className: 'hint', textContent: p.hint })] : [])))
    }),
  )
}

function choose(p) {
  if (state.phones === 2 && p.side === 'vendor') state.right = p.user
  else if (state.phones === 1 || p.user !== state.right) state.left = p.user
  remember()
  drawPeople()
  if (small.matches) location.href = appAddress(p.user, { status: '0' })
  else drawPhones()
}

const phones = () => [...document.querySelectorAll('iframe')]

function setTheme() {
  document.documentElement.dataset.theme = state.theme
  for (const phone of phones()) phone.contentWindow.__mp?.theme(state.theme)
}

/** Text size is read when the mini-program starts, as in WeChat: it opens again at the page it was on. */
function setFont() {
  for (const phone of phones()) {
    const { hash } = phone.contentWindow.location
    const { user } = phone.closest('.slot').dataset
    phone.src = appAddress(user) + hash
  }
}

function forget() {
  for (const user of shownUsers()) {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`wx:${user}:`) || key.startsWith(`host:${user}:`)) localStorage.removeItem(key)
  }
  drawPhones(true)
  document.getElementById('note').textContent = '已清空本机缓存和草稿，服务器上的数据不受影响。'
}

function bind(name, apply) {
  for (const input of document.querySelectorAll(`input[name="${name}"]`)) {
    input.checked = input.value === String(state[name])
    input.addEventListener('change', () => {
      state[name] = name === 'phones' ? Number(input.value) : input.value
      remember()
      apply()
    })
  }
}

async function start() {
  try {
    const { people } = await (await fetch('people.json')).json()
    if (Array.isArray(people) && people.every((p) => p.user && p.name)) state.people = people
  } catch {
    // Without the file the built-in list stands.
  }
  state.left = (person(state.left) ?? first('client')).user
  state.right = (person(state.right) ?? first('vendor')).user
  bind('phones', () => {
    drawPeople()
    drawPhones()
  })
  bind('theme', setTheme)
  bind('font', setFont)
  document.getElementById('reopen').addEventListener('click', () => {
    if (small.matches) location.href = appAddress(state.left, { status: '0' })
    else drawPhones(true)
  })
  document.getElementById('forget').addEventListener('click', forget)
  addEventListener('resize', fit)
  small.addEventListener('change', () => small.matches || drawPhones())
  if (small.matches) document.getElementById('reopen').textContent = '打开手机'
  setTheme()
  drawPeople()
  if (!small.matches) drawPhones()
}

void start()
