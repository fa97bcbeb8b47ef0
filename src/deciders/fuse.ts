import { map } from 'rxjs';
import type { Decider } from '../domain/decider.ts';
import type { StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import { seedCheck } from '../models/random.ts';
import { aModel, checked, reading, required } from '../options.ts';
import { askForReply, isAbstention } from './ask-for-reply.ts';
import { askingAbout, lettered, shuffledCandidates } from './candidates.ts';
import { isSettled, unlessSpec } from './unless.ts';

/** Options of {@link fuse}. */
export interface FuseOptions {
  /** The model that writes the answer. */
  readonly model: Model;
  /**
   * When the votes decide and no answer is written. Default: the leader has more than half of the votes cast. With `never()`,
   * one is written whenever there are two answers.
   */
  readonly unless?: StopRule;
  /** Another seed shows the answers in another order. Default 0. */
  readonly seed?: number | string;
}

/**
 * Returns a decider that lets a model write one answer from all of them, where the votes do not decide. It reads the answers
 * without the names of their models, in an order that depends on the question and `seed`.
 *
 * What it writes is read as the answers of the members are, by the same normalization and `check`. If it does not count, the
 * votes decide, and `metadata.decision` says why. `details.drewOn` has the key and the model of each answer that it drew on.
 *
 * ```text
 * a, b        --L--P|
 * chairman         ^---N|
 * prediction  ---------(N|)
 * ```
 *
 * Costs one call with the role `chairman`; none if there is one answer, or if `unless` says so. If the call fails, the votes
 * decide, and the prediction is `degraded`.
 *
 * No member has voted for what it writes: `consensus` stays that of the answer with the most votes.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { fuse } from 'crucible-ensemble/deciders';
 *
 * const chairman = defineModel('chairman', () =>
 *   JSON.stringify({ sources: ['A', 'B'], answer: 'A city on the Seine, the capital of France.' }),
 * );
 * const ensemble = createEnsemble({
 *   models: [defineModel('a', () => 'The capital of France.'), defineModel('b', () => 'A city on the Seine.')],
 *   decide: fuse({ model: chairman }),
 * });
 * const { text, metadata } = await ensemble.predict('What is Paris?');
 * text; // => 'A city on the Seine, the capital of France.'
 * metadata.decision?.status; // => 'written'
 * ```
 */
export const fuse = (options: FuseOptions): Decider =>
  reading('fuse', () => {
    const { model, unless, seed } = checked('fuse', options, {
      model: required(aModel),
      unless: unlessSpec,
      seed: [seedCheck, 0],
    });
    return {
      name: 'fuse',
      decide(tally, context) {
        if (tally.groups.length < 2 || isSettled('fuse', unless, tally)) return undefined;
        const shown = lettered(shuffledCandidates(tally, context, seed));
        const letters = [...shown.keys()];
        const query = askingAbout(shown, context, { task: TASK, form: formOf(context.query.answerSchema) });
        const properties = {
          sources: { type: 'array', items: { type: 'string', enum: letters } },
          answer: { type: 'string' },
        };
        return askForReply<Fused>(
          { model, role: 'chairman', query, properties, voteOf: ({ answer }) => answer },
          context,
        ).pipe(
          map((fused) => {
            if (isAbstention(fused)) return fused;
            const drewOn = [...new Set(fused.sources)].flatMap((letter) => shown.get(letter)?.speaker ?? []);
            return {
              text: fused.answer.trim(),
              details: { drewOn: drewOn.map(({ key, model: source }) => ({ key, model: source })) },
            };
          }),
        );
      },
    };
  });

/** What the model replies. */
interface Fused {
  readonly sources: readonly string[];
  readonly answer: string;
}

const TASK =
  'Others have answered a question. Write the one answer that they should have given: keep what is right, leave out what is ' +
  'wrong, and add nothing that none of them says unless it is needed. Write it as an answer to the question, in its language, ' +
  'and do not mention the other answers.';

const formOf = (schema: object | undefined): string =>
  [
    ...(schema === undefined
      ? []
      : [`The answer is JSON, as a text, that fits this JSON Schema: ${JSON.stringify(schema)}`]),
    'Reply with JSON alone, in this form: {"sources": ["A"], "answer": "…"}. The sources are the letters of the answers that ' +
      'you draw on.',
  ].join('\n');
