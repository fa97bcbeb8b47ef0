import { map, of, throwError, timer } from 'rxjs';
import { ReplayMissError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import type { ToolCall } from '../domain/tools.ts';
import { checked, faultsOf, ofType, reading, required, suchThat } from '../options.ts';

/** The recorded answer of one model. */
export interface RecordedResponse {
  readonly model: string;
  /** Empty if the model only called tools. */
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly tokensOut?: number;
  readonly latencyMs?: number;
  readonly costUsd?: number;
}

/** A question and its recorded answers. */
export interface RecordedQuestion {
  readonly question: string;
  readonly responses: readonly RecordedResponse[];
}

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** Whether each answer takes its recorded `latencyMs`; otherwise it arrives immediately. Default `false`. */
  readonly withLatency?: boolean;
}

const anIterable = suchThat(
  'an iterable of recorded questions',
  (value) => isObject(value) && Symbol.iterator in value,
);

const NOT_RECORDED = 'the recording has no answer to this question: record it, or ask a live model';

/** Returns a recorded answer as the response of its model. */
export const responseOf = ({ text, toolCalls, tokensOut, costUsd }: RecordedResponse): ModelResponse => ({
  text,
  ...(toolCalls !== undefined && { toolCalls }),
  usage: tokensOut === undefined ? undefined : { outputTokens: tokensOut },
  costUsd,
});

/**
 * Returns the models of a recording, in the order of their first appearance. Each model repeats its recorded answers.
 *
 * Sends no requests and costs nothing. If a question was not recorded, the call fails with a `ReplayMissError`.
 *
 * @param records questions with their recorded answers. If a model answered a question twice, the first answer counts.
 * @throws {ConfigError} if the records or an option are invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, replay } from 'crucible-ensemble';
 *
 * const models = replay([
 *   {
 *     question: 'Is 17077 a prime number?',
 *     responses: [
 *       { model: 'small', text: '[No]', latencyMs: 450 },
 *       { model: 'large', text: 'It has no divisor up to 130. [Yes]', latencyMs: 11195 },
 *     ],
 *   },
 * ]);
 * const ensemble = createEnsemble({ models, normalization: 'boolean' });
 * const { metadata } = await ensemble.predict('Is 17077 a prime number?');
 * metadata.votes; // => { false: 1, true: 1 }
 * ```
 */
export const replay = (records: Iterable<RecordedQuestion>, options: ReplayOptions = {}): Model[] => {
  return reading('replay', () => {
    const { withLatency } = checked(
      'replay',
      options,
      { withLatency: [ofType('boolean'), false] },
      faultsOf('replay', { records }, { records: required(anIterable) }),
    );
    const byModel = new Map<string, Map<string, RecordedResponse>>();
    for (const { question, responses } of records) {
      for (const response of responses) {
        const answers = byModel.get(response.model) ?? new Map<string, RecordedResponse>();
        byModel.set(response.model, answers);
        if (!answers.has(question)) answers.set(question, response);
      }
    }
    return Array.from(byModel, ([id, answers]) => ({
      id,
      call: ({ prompt }) => {
        const recorded = answers.get(prompt);
        if (recorded === undefined) {
          return throwError(() => new ReplayMissError(id, NOT_RECORDED));
        }
        const response = responseOf(recorded);
        return withLatency && recorded.latencyMs !== undefined
          ? timer(recorded.latencyMs).pipe(map(() => response))
          : of(response);
      },
    }));
  });
};
