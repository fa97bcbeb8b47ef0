import { catchError, firstValueFrom, map, of } from 'rxjs';
import { askForReply, isAbstention } from '../deciders/ask-for-reply.ts';
import { askingAbout, textOfVote } from '../deciders/candidates.ts';
import { type Check, type CheckResult, contextOf } from '../domain/check.ts';
import { nameOf } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import type { Vote } from '../domain/outcome.ts';
import { aModel, checked, nonEmpty, reading, required } from '../options.ts';

/** Options of {@link judged}. */
export interface JudgedOptions {
  /** The model that judges. A jury is an ensemble: `yours.asModel('jury')`. */
  readonly model: Model;
  /** What an answer must meet to count, in words. */
  readonly rubric: string;
}

/** What the model replies. */
interface Opinion {
  readonly reason?: string;
  readonly verdict: 'pass' | 'fail';
}

const FORM =
  'Reply with JSON alone, in this form: {"reason": "…", "verdict": "pass"}. The verdict is pass or fail.';

const properties = {
  reason: { type: 'string', description: 'Why the answer passes or fails.' },
  verdict: { type: 'string', enum: ['pass', 'fail'] },
};

/**
 * Returns a check that asks a model whether an answer meets a rubric. The answer is data to the model: it stands between tags
 * that it cannot close. Why an answer fails is the reason of its abstention, in the words of the model.
 *
 * Costs one call with the role `verifier` for each answer, which is part of the prediction, limited by its policies, and cancelled
 * if another answer wins. Without a verdict the answer does not count. A call that fails makes the prediction `degraded`.
 *
 * A model passes more answers than are right. Measure it against labels of your own first.
 *
 * In an experiment a check has no time, so that this one refuses every answer there: score with `judge` instead.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, firstAnswer } from 'crucible-ensemble';
 * import { judged } from 'crucible-ensemble/checks';
 *
 * // In place of a real model: it passes an answer that gives a reason.
 * const model = defineModel('careful', (text) => ({
 *   text: JSON.stringify({ reason: 'It must say why.', verdict: /because/.test(text) ? 'pass' : 'fail' }),
 *   costUsd: 0.001,
 * }));
 * const ensemble = createEnsemble({
 *   models: ['Venus.', 'Mercury, because it is nearest to the sun.'].map((text, index) =>
 *     defineModel(`model-${index}`, () => ({ text, costUsd: 0.01 })),
 *   ),
 *   check: judged({ model, rubric: 'It gives a reason.' }),
 *   earlyStop: firstAnswer(),
 *   minResponses: 1,
 * });
 * const { text, metadata } = await ensemble.predict('Which planet has the shortest year?');
 * text; // => 'Mercury, because it is nearest to the sun.'
 * metadata.costUsd?.toFixed(3); // => '0.022'
 * metadata.warnings; // => ['model-0 abstained: It must say why.']
 * ```
 */
export const judged = (options: JudgedOptions): Check =>
  reading('judged', () => {
    const { model, rubric } = checked('judged', options, {
      model: required(aModel),
      rubric: required(nonEmpty),
    });
    const task = `You check an answer to a question. It passes if it meets the rubric, and fails otherwise. The rubric: ${rubric}`;
    return (answer, context) => {
      const { query, response, call } = contextOf('judged', context);
      const text = textOfVote({ answer, response } as Vote);
      const shown = askingAbout(new Map([['A', { text, count: 1 }]]), { query }, { task, form: FORM });
      const opinion$ = askForReply<Opinion>(
        {
          model,
          role: 'verifier',
          query: shown,
          properties,
          optional: ['reason'],
          voteOf: ({ verdict }) => verdict,
        },
        { call },
      ).pipe(
        map((opinion): CheckResult => {
          if (isAbstention(opinion)) return `${model.id} gave no verdict: ${opinion.reason}`;
          if (opinion.verdict === 'pass') return true;
          return opinion.reason?.trim() || `${model.id} refused the answer`;
        }),
        catchError((error: unknown) =>
          of(`${model.id} gave no verdict, because its call failed (${nameOf(error)})`),
        ),
      );
      return firstValueFrom(opinion$, { defaultValue: `${model.id} was cancelled` });
    };
  });
