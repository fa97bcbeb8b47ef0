/**
 * The smallest ensemble: one pipeline of RxJS's operators, for bundles in which each kilobyte counts, and to be read.
 *
 * @packageDocumentation
 */

export type { CoreEnsemble, CoreOptions, CoreOverrides, Scalar } from './core-ensemble.ts';
export { createEnsemble } from './create-ensemble.ts';
