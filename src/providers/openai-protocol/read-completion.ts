import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { toFinishReason, unknownFinishReason } from '../finish-reason.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { callsAndThoughts, finishOf } from '../tool-calls.ts';
import { choiceOf, type Fields, textOf } from './choices.ts';
import { failureIn } from './failure-in.ts';
import { createJoinedCalls } from './joined-calls.ts';
import { meanLogprob, type TokenLogprob, tokensIn } from './mean-logprob.ts';
import { reasonOf } from './reason-of.ts';
import { divideThinking, reasoningIn } from './reasoning.ts';
import { toUsage, usageIn } from './usage.ts';

/** The parts of a chat completion that make a response. All but the first three are as the server sent them. */
export interface ReadCompletion {
  /** As the model wrote it; it may begin with reasoning. */
  readonly text: string;
  readonly isRefusal: boolean;
  readonly logprobs: readonly TokenLogprob[];
  readonly toolCalls?: readonly ToolCall[];
  /** The reasoning that came apart from the text. */
  readonly reasoning?: string;
  readonly finishReason?: unknown;
  readonly usage?: unknown;
  readonly id?: unknown;
  readonly servedBy?: unknown;
}

/** The facts about a reply besides its body. */
interface ReplyNotes {
  readonly requestId?: string | undefined;
  readonly headers?: ReplyHeaders;
  /** The usage in the body. Default: it is looked for. */
  readonly usage?: unknown;
}

/**
 * Reads a chat completion as a response.
 *
 * @throws {ModelError} if it is an error, or is not a chat completion with a message.
 */
export const readCompletion = (
  model: string,
  completion: unknown,
  { requestId, headers, usage = usageIn(completion) }: ReplyNotes = {},
): ModelResponse => {
  const { id, model: servedBy, choices } = asObject(completion);
  const choice = choiceOf(choices);
  const failure = failureIn(model, completion, [choice], headers);
  if (failure !== undefined) throw failure;
  const { logprobs } = choice;
  const finishReason = reasonOf(choice, asObject(completion));
  const message = choice.message ?? choice.delta ?? choice;
  const { content, refusal } = textOf(model, message);
  const joined = createJoinedCalls();
  joined.add(message);
  if (content === '' && refusal === '' && !isEmptyAnswer(choice, finishReason, usage))
    throw notACompletion(model);
  return toResponse(
    {
      text: content || refusal,
      isRefusal: refusal !== '',
      finishReason,
      logprobs: tokensIn(logprobs),
      toolCalls: joined.calls(),
      reasoning: reasoningIn(message),
      usage,
      id,
      servedBy,
    },
    requestId,
  );
};

/**
 * Whether a choice without a text is an answer nevertheless: the model stopped for another reason than its end; the text
 * is there and empty; the model wrote reasoning or calls of tools; or the server counts its tokens, so it is paid for.
 */
const isEmptyAnswer = ({ message }: Fields, reason: unknown, usage: unknown): boolean => {
  const finishReason = toFinishReason(reason);
  if (finishReason !== undefined && finishReason !== 'stop') return true;
  if (!isObject(message)) return false;
  const { content, reasoning_content, reasoning, tool_calls } = asObject(message);
  const isThere = [content, reasoning_content, reasoning, tool_calls].some(
    (part) => (part ?? undefined) !== undefined,
  );
  return isThere || toUsage(usage).usage !== undefined;
};

/** Returns the error of a response that is not a chat completion, which is common if the base URL is wrong. */
const notACompletion = (model: string): MalformedResponseError =>
  new MalformedResponseError(model, 'the response is not a chat completion: check "baseURL"');

/** Converts a completion to a response. */
export const toResponse = (completion: ReadCompletion, requestId?: string | null): ModelResponse => {
  const { isRefusal, logprobs, usage: reported, id, servedBy, toolCalls = [] } = completion;
  const { text, reasoning: thought } = divideThinking(completion.text);
  const reasoning = [completion.reasoning, thought].filter(Boolean).join('\n\n');
  // Calls are the answer, and a text next to them is not.
  const spelled = toolCalls.length === 0 ? logprobs : [];
  const { mean, isOdd } = meanLogprob(spelled, text, reasoning === '');
  const { usage, warnings } = toUsage(reported);
  return {
    text,
    ...callsAndThoughts(toolCalls, reasoning),
    usage,
    finishReason: isRefusal ? 'refusal' : finishOf(toFinishReason(completion.finishReason), toolCalls),
    ...(mean !== undefined && {
      meanLogprob: mean,
      confidence: Math.exp(mean),
      confidenceSource: 'logprobs' as const,
    }),
    ...(requestId && { requestId }),
    ...reportedByProvider({
      metadata: toProviderMetadata(
        id,
        servedBy,
        isRefusal ? undefined : unknownFinishReason(completion.finishReason),
      ),
      warnings: isOdd
        ? [...warnings, 'dropped the token probabilities, because one of them cannot be read']
        : warnings,
    }),
  };
};
