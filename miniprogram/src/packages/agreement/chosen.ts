import type { Obligation } from '../../services/agreement'

/** A duty that was tapped: there is no address for a single one, so the list hands it on. */
let chosen: Obligation | null = null

export const choose = (duty: Obligation): void => void (chosen = duty)
export const chosenOne = (id: string): Obligation | null => (chosen?.id === id ? chosen : null)
