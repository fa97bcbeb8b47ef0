import type { ModelError } from './errors.ts';

/** The names of the errors with which a policy refuses a call, also of recorded errors, which have no class. */
const REFUSALS: ReadonlySet<string> = new Set(['CircuitOpenError', 'BudgetExceededError', 'QueueFullError']);

/** Whether a policy refused the call: no request was sent, so it is no call and costs nothing. */
export const wasNeverSent = ({ name }: Pick<ModelError, 'name'>): boolean => REFUSALS.has(name);
