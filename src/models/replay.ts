import { map, of, throwError, timer } from 'rxjs';
import { ReplayMissError } from '../domain/errors.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { faultsOf, ofType, refuse } from '../options.ts';

/** What one model answered to a recorded question. */
export interface RecordedResponse {
  readonly model: string;
  readonly text: string;
  readonly tokensOut?: number;
  readonly latencyMs?: number;
  readonly costUsd?: number;
}

/** A question with the answers that were recorded for it. */
export interface RecordedQuestion {
  readonly question: string;
  readonly responses: readonly RecordedResponse[];
}

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** Whether an answer takes as long as it took then; otherwise it comes at once. Default `false`. */
  readonly withLatency?: boolean;
}

const toResponse = ({ text, tokensOut, costUsd }: RecordedResponse): ModelResponse => ({
  text,
  usage: tokensOut === undefined ? undefined : { outputTokens: tokensOut },
  costUsd,
});

/**
 * The models of a recording, in the order in which they first appear in it, each answering as it did
 * then. Costs nothing and sends nothing: a question that was not recorded is a failed call with
 * `ReplayMissError`, never a live one.
 *
 * @param records questions with their recorded answers; of a question recorded twice, the first counts.
 *
 * @example
 * ```ts
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
  refuse(faultsOf('replay', options, { withLatency: ofType('boolean') }));
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
        return throwError(() => new ReplayMissError(id, 'no answer to this question was recorded'));
      }
      const response = toResponse(recorded);
      return options.withLatency && recorded.latencyMs !== undefined
        ? timer(recorded.latencyMs).pipe(map(() => response))
        : of(response);
    },
  }));
};
