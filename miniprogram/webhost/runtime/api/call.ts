// How a wx.* function answers: by callbacks when any is given, else by a promise; `errMsg` as WeChat words it.
import { GATED, pass } from '../privacy'
import { calls, stubbed } from '../test-hooks'

export type Options = Record<string, any>
export type Implementation = (options: any) => unknown

/** Ends a call with `<name>:fail <reason>`, plus what WeChat adds, such as `errno`. */
export class CallError extends Error {
  constructor(readonly reason: string, readonly extra: Options = {}) {
    super(reason)
  }
}

const reasonOf = (e: any): string => (e instanceof CallError ? e.reason : String(e?.errMsg ?? e?.message ?? e))

async function run(name: string, implementation: Implementation, options: Options) {
  try {
    if (GATED.has(name) && !(await pass(name))) throw new CallError('privacy permission is not authorized', { errno: 104 })
    return { errMsg: `${name}:ok`, ...((await stubbed(name, implementation, options)) as object) }
  } catch (e) {
    const reason = reasonOf(e)
    throw Object.assign(new Error(reason), { ...(e instanceof CallError ? e.extra : {}), errMsg: reason.startsWith(`${name}:fail`) ? reason : `${name}:fail ${reason}` })
  }
}

/** The three callbacks of a call, each in its own turn so that one which throws does not silence the others. */
export function settle(running: Promise<any>, o: Options) {
  void running.then(o.success, o.fail ?? (() => undefined))
  void running.then((r) => o.complete?.(r), (e) => o.complete?.(e))
}

export const callable = (name: string, implementation: Implementation) => (options?: any) => {
  calls.push({ name, options: options ?? {} })
  const running = run(name, implementation, options ?? {})
  if (!options?.success && !options?.fail && !options?.complete) return running
  settle(running, options)
  return undefined
}
