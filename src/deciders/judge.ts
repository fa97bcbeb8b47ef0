import type { Decider } from '../domain/decider.ts';
import type { StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import { seedCheck } from '../models/random.ts';
import { aModel, checked, nonEmpty, oneOf, reading, required } from '../options.ts';
import { modelChoice } from './model-choice.ts';
import { isDecidedByVotes, unlessSpec } from './unless.ts';

/** Options of {@link judge}. */
export interface ModelJudgeOptions {
  /** The judge. A jury is an ensemble: `yours.asModel('jury')`. */
  readonly model: Model;
  /** What makes an answer good, in words. Default: that it is right, and then that it is complete and clear. */
  readonly rubric?: string;
  /**
   * `best`: the answer that is right, or best by the rubric. `mostConsistent`: the answer that agrees most with the others; the
   * judge then sees how many members gave each. Default `best`.
   */
  readonly pick?: 'best' | 'mostConsistent';
  /**
   * When the votes decide and the judge is not asked. Default: the leader has more than half of the votes cast. With `never()`,
   * it is asked whenever there are two answers.
   */
  readonly unless?: StopRule;
  /** Another seed shows the answers in another order. Default 0. */
  readonly seed?: number | string;
}

/** A decider that asks a model. In an experiment it is a scorer, too. */
export interface ModelJudge extends Decider {
  /** The model that judges. */
  readonly model: Model;
  /** What makes an answer good. */
  readonly rubric?: string;
}

/**
 * Returns a decider that lets a model choose among the answers, where the votes do not decide. The answers have letters in
 * place of names, and stand in an order that depends on the question and `seed`.
 *
 * The judge is asked twice, at the same time: in one order, and in another in which every answer has another place. A judge
 * that chooses differently abstains, and the votes decide. So a judge that always prefers the first answer has no say.
 *
 * ```text
 * a, b            --L--P|
 * judge, order 1       ^---P|
 * judge, order 2       ^-----P|
 * prediction      ------------(P|)
 * ```
 *
 * Costs two calls with the role `judge`, for any number of answers; none if there is one answer, or if `unless` says so. If
 * one call fails or its reply is no verdict, the other one is cancelled, and the votes decide. `metadata.decision` says why;
 * after a failed call the prediction is `degraded`.
 *
 * `details` has the `contradictions` of the answers, their `gaps` and their `uniquePoints`, and in `candidates` the key of
 * each letter. The answers are data to the judge: none can close its tag, and the instructions say so. A model may obey an answer
 * anyway: in both orders, that looks like a verdict.
 *
 * As a scorer of an experiment, it says whether an answer means the same as the expected one, or meets the `rubric`. The other
 * options have no effect there.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { judge } from 'crucible-ensemble/deciders';
 *
 * const cautious = defineModel('cautious', (text) => {
 *   const [, choice] = /<answer-(\w+)-\w+>\n[^<]*not sure/.exec(text) ?? [];
 *   return JSON.stringify({ reason: 'It admits a doubt.', choice });
 * });
 * const ensemble = createEnsemble({
 *   models: [defineModel('a', () => 'It is Sydney.'), defineModel('b', () => 'Canberra, but I am not sure.')],
 *   decide: judge({ model: cautious }),
 * });
 * const { text, metadata } = await ensemble.predict('What is the capital of Australia?');
 * text; // => 'Canberra, but I am not sure.'
 * metadata.decision?.reason; // => 'It admits a doubt.'
 * ```
 */
export const judge = (options: ModelJudgeOptions): ModelJudge =>
  reading('judge', () => {
    const { model, rubric, pick, unless, seed } = checked('judge', options, {
      model: required(aModel),
      rubric: nonEmpty,
      pick: [oneOf(['best', 'mostConsistent'], ''), 'best'],
      unless: unlessSpec,
      seed: [seedCheck, 0],
    });
    return {
      name: 'judge',
      model,
      ...(rubric !== undefined && { rubric }),
      decide(tally, context) {
        if (isDecidedByVotes('judge', unless, tally)) return undefined;
        return modelChoice({ model, rubric, pick, seed }, tally, context);
      },
    };
  });
