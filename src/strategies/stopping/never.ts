import type { StopRule } from '../../domain/execution.ts';

/**
 * Waits for every call.
 *
 * @example
 * ```ts
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: never() });
 * ```
 */
export const never = (): StopRule => () => false;
