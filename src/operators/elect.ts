import { filter, Observable, type OperatorFunction } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import { isOfMember, type Outcome } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { type Conclusion, holdElection } from '../engine/hold-election.ts';
import { stopRule as isStopRule } from '../engine/option-checks.ts';
import { voter as isVoter } from '../engine/option-specs.ts';
import { accepting, anObservable, checked, reading, required, type Specs, suchThat } from '../options.ts';
import { guardedRule } from './guarded-rule.ts';

/** Options of {@link elect}. */
export interface ElectOptions {
  /** Counts the votes. Each subscription has its own state. */
  readonly voter: Voter;
  /** When to stop before the source ends. Default never. */
  readonly stopWhen?: StopRule;
  /** The ids of the models that will have an outcome; see {@link vote}. */
  readonly panel?: readonly string[];
}

/**
 * Emits the final tally of a vote: exactly one, even if the source is empty. When the rule stops the vote, the source is
 * unsubscribed first, so that no call is in flight when the tally arrives.
 *
 * ```text
 * source     --4-----4--5-----|
 *              elect({ voter: majority(), stopWhen: decided(), panel: ['a', 'b', 'c'] })
 * result     --------(t|)
 * source ^   --------!
 * ```
 *
 * It does the same as `vote`, `stopWhen` and `last` together, at a fraction of the cost, because it computes a tally only
 * when a rule needs it.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, majority } from 'crucible-ensemble';
 * import { elect } from 'crucible-ensemble/operators';
 * import { lastValueFrom, mergeMap } from 'rxjs';
 *
 * const outcomes$ = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 * }).predict$('What is 2 + 2?').pipe(mergeMap(({ outcomes }) => outcomes));
 * const tally = await lastValueFrom(outcomes$.pipe(elect({ voter: majority() })));
 * tally.votes; // => { 4: 2, 5: 1 }
 * ```
 */
export const elect = <Answer>(options: ElectOptions): OperatorFunction<Outcome<Answer>, Tally<Answer>> => {
  return reading('elect', () => {
    const { voter, stopWhen, panel } = checked('elect', options, electSpecs);
    const rule = stopWhen && guardedRule('elect', stopWhen);
    return accepting(
      'elect',
      anObservable,
      (source: Observable<Outcome<Answer>>) =>
        new Observable<Tally<Answer>>((subscriber) => {
          const conclusion: Conclusion<undefined, Answer, Tally<Answer>> = finalTally;
          const election = {
            voter,
            panel,
            stopRule: rule,
            receiver: subscriber,
            conclusion,
            context: undefined,
          };
          const outcomes = holdElection(election);
          if (outcomes !== undefined) source.pipe(filter<Outcome<Answer>>(isOfMember)).subscribe(outcomes);
        }),
    );
  });
};

const electSpecs = {
  voter: required(isVoter),
  stopWhen: isStopRule,
  panel: suchThat('an array of ids', Array.isArray),
} as const satisfies Specs<ElectOptions>;

const finalTally = {
  conclude: <Answer>(_: undefined, tally: Tally<Answer>): Tally<Answer> => tally,
  explain: (_: undefined, error: unknown): unknown => error,
};
