/**
 * The operators of RxJS pipelines: streams of queries, of outcomes and of tallies.
 *
 * @packageDocumentation
 */

export { type AskOptions, ask } from './ask.ts';
export { type ElectOptions, elect } from './elect.ts';
export type { PredictManyOptions } from './predict-one.ts';
export { type PredictQueries, predictWith } from './predict-with.ts';
export { stopWhen } from './stop-when.ts';
export { type AsyncIterableOptions, toAsyncIterable } from './to-async-iterable.ts';
export { vote } from './vote.ts';
