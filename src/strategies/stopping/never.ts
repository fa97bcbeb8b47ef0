import type { StopRule } from '../../domain/execution.ts';

/**
 * Waits for every call.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, never } from 'crucible-ensemble';
 *
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: never() });
 * ```
 */
export const never = (): StopRule => () => false;
