import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';
import { laterReason, toFinishReason } from '../finish-reason.ts';
import { joinUsages } from '../join-usage.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { firstChoices, textOf } from './choices.ts';
import { failureIn } from './failure-in.ts';
import { addLogprobs, type LogprobSum, NO_LOGPROBS } from './mean-logprob.ts';
import type { ReadCompletion } from './read-completion.ts';
import { usageIn } from './usage.ts';

/** What one chunk adds to a streamed answer. */
export interface AddedPiece {
  readonly text: string;
  /** Whether the chunk has a finish reason. */
  readonly isFinished: boolean;
  /** Whether the chunk has the usage of the answer and no choices, as the last chunk of a stream. */
  readonly isUsageAlone: boolean;
}

/** An answer that is joined from the chunks of a stream. */
export interface StreamedAnswer {
  /** @throws {ModelError} if the chunk is an error, or is not a chunk of a completion. */
  readonly add: (chunk: unknown) => AddedPiece;
  readonly completion: () => ReadCompletion;
}

/** Creates an answer without pieces. Adding a piece takes the same time however long the answer is. */
export const createStreamedAnswer = (model: string, headers?: ReplyHeaders): StreamedAnswer => {
  let text = '';
  let isRefusal = false;
  let finishReason: unknown;
  let logprobs: LogprobSum = NO_LOGPROBS;
  let usage: unknown;
  let id: unknown;
  let servedBy: unknown;
  return {
    add: (chunk) => {
      const failure = failureIn(model, chunk, headers);
      if (failure !== undefined) throw failure;
      const fields = asObject(chunk);
      const choices = fields.choices ?? (isObject(fields.usage) ? [] : undefined);
      if (!Array.isArray(choices))
        throw new MalformedResponseError(model, 'the stream has an event that is not a completion chunk');
      let added = '';
      let isFinished = false;
      for (const choice of firstChoices(choices)) {
        const { content, refusal } = textOf(model, choice.delta);
        added += content + refusal;
        isRefusal ||= refusal !== '';
        isFinished ||= toFinishReason(choice.finish_reason) !== undefined;
        finishReason = laterReason(finishReason, choice.finish_reason);
        logprobs = addLogprobs(logprobs, choice.logprobs);
      }
      text += added;
      usage = joinUsages(usage, usageIn(fields));
      id ??= fields.id || undefined;
      servedBy ??= fields.model || undefined;
      const isUsageAlone = choices.length === 0 && isObject(fields.usage);
      return { text: added, isFinished, isUsageAlone };
    },
    completion: () => ({ text, isRefusal, finishReason, logprobs, usage, id, servedBy }),
  };
};
