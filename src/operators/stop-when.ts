import { type MonoTypeOperatorFunction, takeWhile } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import type { Tally } from '../domain/tally.ts';
import { stopRule } from '../engine/option-checks.ts';
import { accepting, anObservable, checked, required } from '../options.ts';
import { guardedRule } from './guarded-rule.ts';

/**
 * Emits tallies up to and including the first for which a rule returns `true`. Then it completes and unsubscribes from the
 * source, which cancels the calls in flight.
 *
 * ```text
 * source     --a-----b--c-----|      b: 2 of 2 votes agree, 1 is in flight
 *              stopWhen(decided())
 * result     --a-----(b|)
 * source ^   --------!
 * ```
 *
 * @throws {ConfigError} if the rule is not a function, or is a rule that was not called, such as `decided`.
 *
 * @example
 * ```ts
 * import { createEnsemble, decided, defineModel, majority } from 'crucible-ensemble';
 * import { stopWhen, vote } from 'crucible-ensemble/operators';
 * import { lastValueFrom, mergeMap } from 'rxjs';
 *
 * const outcomes$ = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 * }).predict$('What is 2 + 2?').pipe(mergeMap(({ outcomes }) => outcomes));
 * const panel = ['model-0', 'model-1', 'model-2'];
 * const tally = await lastValueFrom(outcomes$.pipe(vote(majority(), panel), stopWhen(decided())));
 * tally.successes; // => 2
 * ```
 */
export const stopWhen = <Answer>(rule: StopRule): MonoTypeOperatorFunction<Tally<Answer>> => {
  checked('stopWhen', { rule }, { rule: required(stopRule) });
  const guarded = guardedRule('stopWhen', rule);
  return accepting(
    'stopWhen',
    anObservable,
    takeWhile((tally: Tally<Answer>) => !guarded(tally), true),
  );
};
