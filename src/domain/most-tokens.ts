import type { ModelInput } from './attempt.ts';
import { writtenIn } from './message.ts';
import type { Usage } from './model.ts';
import type { ModelRequest } from './request.ts';

/** The tokens that frame a message in the prompt of a chat. */
const FRAME_TOKENS = 16;

/** Returns the maximum number of tokens of an input: a token has at least one byte. */
export const mostTokens = ({ system, messages, answerSchema }: ModelInput): number =>
  [
    ...(system === undefined ? [] : [system]),
    ...(answerSchema === undefined ? [] : [JSON.stringify(answerSchema)]),
    ...messages.map(({ content }) => writtenIn(content)),
  ].reduce((tokens, text) => tokens + FRAME_TOKENS + bytesOf(text), 0);

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/**
 * How many tokens a usage may have beyond what was sent and beyond the limit of the output. Far more than any context
 * window, since templates, images, tools and hidden reasoning count as well, and a real cost must not be dropped.
 */
const MARGIN_TOKENS = 10_000_000;

/** Returns the totals of a usage that no call with this request can have. */
export const impossibleTotals = (
  { inputTokens = 0, outputTokens = 0 }: Pick<Usage, 'inputTokens' | 'outputTokens'>,
  request: ModelInput & Pick<ModelRequest, 'maxOutputTokens'>,
): readonly ('inputTokens' | 'outputTokens')[] => [
  // The request is measured for the few usages that may be too high.
  ...(inputTokens > MARGIN_TOKENS && inputTokens > MARGIN_TOKENS + mostTokens(request)
    ? (['inputTokens'] as const)
    : []),
  ...(outputTokens > MARGIN_TOKENS + (request.maxOutputTokens ?? 0) ? (['outputTokens'] as const) : []),
];
