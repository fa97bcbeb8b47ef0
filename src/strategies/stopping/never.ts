import type { StopRule } from '../../domain/execution.ts';

/**
 * Hears every call to its end.
 *
 * @example
 * ```ts
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: never() });
 * ```
 */
export const never = (): StopRule => hearAll;

const hearAll: StopRule = () => false;
