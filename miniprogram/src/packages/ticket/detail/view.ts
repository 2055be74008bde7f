import { now } from '../../../services/server-time'
import type { Face } from '../../../services/face'
import type { Action, Clock, Ticket } from '../../../services/tickets'
import { actionOrder, actionWords, clockName, quietActions, severityWords, stateWords } from '../../../words/ticket'
import { timeWords } from '../../../words/time'

/** One sentence: where things stand and who moves next. */
export function sayNext(t: Ticket, face: Face): string {
  const due = (code: string): string => {
    const c = t.clocks.find((x) => x.code === code && x.cycle === t.cycle && !x.stopped_at && x.verdict !== 'void')
    return c && Date.parse(c.due_at) > now() ? timeWords(c.due_at, now()) : ''
  }
  const vendor = face === 'vendor'
  const handler = t.assignee?.display_name ?? '乙方'
  const [r8, s24, p] = [due('R8'), due('S24'), due('P')]
  switch (t.state) {
    case 'submitted':
      if (vendor) return r8 ? `请在${r8} 前受理并回应` : '响应已经超时，先回应甲方一句'
      return r8 ? `已收到，乙方会在${r8} 前回应` : '乙方还没回应，已经超时，可以催一催'
    case 'in_progress':
      if (vendor) return s24 ? `请在${s24} 前给出方案` : '甲方在等你的进展'
      return s24 ? `${handler} 在处理，${s24} 前给方案` : `${handler} 在处理，有进展会告诉你`
    case 'awaiting_client':
      return vendor ? '等甲方补充；总时钟还在走' : '乙方想再了解一点情况，请你补充'
    case 'solution_given':
      if (vendor) return p ? `承诺${p} 前修好，修好后告诉甲方` : '修好后告诉甲方'
      return p ? `方案在下面，乙方承诺${p} 前修好` : '方案在下面，乙方正在修'
    case 'awaiting_confirmation':
      return vendor ? '等甲方确认' : '乙方说修好了，请你试一下再确认'
    case 'closed':
      return t.reopen_until && Date.parse(t.reopen_until) > now() ? `已关闭，${timeWords(t.reopen_until, now())} 前还能重新打开` : '已关闭'
    case 'merged':
      return t.merged_into ? `已并入 ${t.merged_into.number}，进展看那一单` : '已并入另一单'
    case 'withdrawn':
      return '已撤回，记录留着'
  }
}

type ClockLine = Clock & { key: string; name: string; due: string; old: boolean }

export interface Button {
  action: Action
  text: string
}

const buttonOf = (action: Action): Button => ({ action, text: actionWords[action] })

/** Everything the page shows that is not in the ticket as it came. */
export function viewOf(t: Ticket, face: Face, myId: string): object {
  const at = now()
  const allowed = actionOrder.filter((a) => t.allowed_actions.includes(a))
  // A client whose clock has run out has one sensible move left: to ask where it is.
  const late = face === 'client' && t.clocks.some((c) => !c.stopped_at && c.verdict !== 'void' && Date.parse(c.due_at) < at)
  const mayRemind = late && !(t.remind_after && Date.parse(t.remind_after) > at)
  const lead = allowed.find((a) => !quietActions.includes(a) || (a === 'remind' && mayRemind))
  const other = lead === 'confirm' && allowed.includes('fail_verification') ? 'fail_verification' : undefined
  const wait = t.waits.find((w) => !w.to)
  const clocks = t.clocks.map((c, i): ClockLine => ({ ...c, key: `${c.code}-${c.cycle}-${i}`, name: clockName(c), due: timeWords(c.due_at, at), old: c.cycle < t.cycle }))
  return {
    ticket: t,
    next: sayNext(t, face),
    myTurn: lead !== undefined && lead !== 'remind' && lead !== 'reopen',
    people: [
      { name: '报告人', value: [t.reporter.id === myId ? '我' : t.reporter.display_name, t.department].filter(Boolean).join(' · ') },
      ...(t.on_behalf ? [{ name: '代填', value: t.on_behalf.display_name }] : []),
      { name: '负责人', value: t.assignee ? (t.assignee.id === myId ? '我' : t.assignee.display_name) : '还没分派' },
      { name: '收到', value: timeWords(t.received_at, at) },
    ],
    facts: [
      { name: '程度', value: severityWords[t.severity] },
      { name: '范围', value: t.scope ?? '' },
      { name: '发生', value: t.occurred_at ? timeWords(t.occurred_at, at) : '' },
      { name: '试过', value: t.steps_tried ?? '' },
      { name: '联系', value: t.contact_masked ?? '' },
    ].filter((f) => f.value),
    clocks: clocks.filter((c) => !c.old),
    oldClocks: clocks.some((c) => c.old),
    wait: wait ? { reason: wait.reason, by: `${wait.asked_by.display_name} 问于 ${timeWords(wait.from, at)}` } : null,
    primary: lead ? buttonOf(lead) : null,
    second: other ? buttonOf(other) : null,
    rest: allowed.filter((a) => a !== lead && a !== other).map(buttonOf),
    messages: t.messages.items,
    messageCursor: t.messages.next_cursor ?? '',
    remindAt: t.remind_after && Date.parse(t.remind_after) > at ? timeWords(t.remind_after, at) : '',
  }
}

/** What someone else did meanwhile, in words. */
export function whatChanged(before: Ticket, after: Ticket): string {
  const parts = [
    before.state === after.state ? '' : `状态变成了「${stateWords[after.state]}」`,
    before.assignee?.id === after.assignee?.id ? '' : `负责人换成了 ${after.assignee?.display_name ?? '无人'}`,
    after.messages.items.length > before.messages.items.length ? '多了新消息' : '',
    after.solutions.length > before.solutions.length ? '有了新方案' : '',
  ].filter(Boolean)
  return parts.length ? `刚刚有变化：${parts.join('，')}` : '这张工单刚刚被更新过'
}
