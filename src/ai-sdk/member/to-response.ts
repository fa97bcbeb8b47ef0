import { MalformedResponseError } from '../../domain/errors.ts';
import { isArray } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import { plainName, quotedName } from '../../domain/quoting.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asObject } from '../../providers/as-object.ts';
import { cutOffError } from '../../providers/connection-error.ts';
import { toFinishReason, unknownFinishReason } from '../../providers/finish-reason.ts';
import { errorInReply } from '../../providers/openai-protocol/failure-in.ts';
import { headersIn } from '../../providers/retry-hint.ts';
import { readUsage } from '../../providers/token-count.ts';
import { argumentsRead, callsAndThoughts, finishOf } from '../../providers/tool-calls.ts';

/** What a model of the AI SDK answered, at once or in a stream. A value of the provider is hostile until it is read. */
export interface Answered {
  /** The parts of the answer: texts, reasoning, calls, and others. */
  readonly content: readonly unknown[];
  readonly structuredOutputText?: unknown;
  readonly finishReason?: unknown;
  readonly usage?: unknown;
  readonly warnings?: unknown;
  readonly response?: unknown;
}

/**
 * Converts an answer to a response. What the library has no place for, such as sources and files, is left out with a warning.
 *
 * @throws {ModelError} if the model failed or was cut off while it wrote the answer, or if the answer has no content.
 */
export const toResponse = (id: string, answered: Answered, isJson: boolean): ModelResponse => {
  const { unified, raw } = asObject(answered.finishReason);
  if (unified === 'error') throw errorInReply(id, { error: { code: raw ?? 'error' } });
  if (unified === 'interrupted') throw cutOffError(id);
  if (!isArray(answered.content)) throw new MalformedResponseError(id, 'answered without a list of contents');
  const parts = answered.content.map(asObject);
  const calls = parts.filter(isOwnCall).map(toCall);
  const { structuredOutputText } = answered;
  const text =
    isJson && typeof structuredOutputText === 'string' ? structuredOutputText : textsOf(parts, 'text');
  const { usage, warnings: faults } = usageOf(answered.usage);
  const response = asObject(answered.response);
  const requestId = requestIdOf(response);
  return {
    text,
    ...callsAndThoughts(calls, textsOf(parts, 'reasoning')),
    ...given({ usage, requestId, finishReason: finishOf(toFinishReason(unified), calls) }),
    ...reportedByProvider({
      metadata: toProviderMetadata(response.id, response.modelId, unknownFinishReason(raw)),
      warnings: [...warningsIn(answered.warnings), ...leftOut(parts), ...faults],
    }),
  };
};

type Fields = Readonly<Record<string, unknown>>;

const textsOf = (parts: readonly Fields[], kind: 'text' | 'reasoning'): string =>
  parts
    .filter(({ type, text }) => type === kind && typeof text === 'string')
    .map(({ text }) => text)
    .join('');

/** Whether a part is a call that the caller runs. */
const isOwnCall = ({ type, toolName, providerExecuted }: Fields): boolean =>
  type === 'tool-call' && typeof toolName === 'string' && providerExecuted !== true;

const toCall = ({ toolName, toolCallId, input }: Fields): ToolCall => ({
  toolName: toolName as string,
  input: typeof input === 'string' ? argumentsRead(input) : input,
  ...(typeof toolCallId === 'string' && { toolCallId }),
});

const leftOut = (parts: readonly Fields[]): readonly string[] => {
  const others = parts.filter(
    (part) => part.type !== 'text' && part.type !== 'reasoning' && !isOwnCall(part),
  );
  return [...new Set(others.map(({ type }) => `left out content of the type ${plainName(type)}`))];
};

/** What the model warns of: settings that it does not take, and the like. */
const warningsIn = (warnings: unknown): readonly string[] =>
  (Array.isArray(warnings) ? warnings : [])
    .map(asObject)
    .map(({ type, feature, setting, details, message }) => {
      const about = [feature, setting].find((name) => typeof name === 'string');
      const words = [details, message].find((text) => typeof text === 'string');
      return [plainName(type), about === undefined ? undefined : quotedName(about), words]
        .filter(Boolean)
        .join(': ');
    });

const usageOf = (reported: unknown): ReturnType<typeof readUsage> =>
  readUsage(reported, (count) => {
    const { inputTokens, outputTokens } = asObject(reported);
    const usage = given({
      inputTokens: count('total', inputTokens ?? {}),
      cachedInputTokens: count('cacheRead', inputTokens ?? {}),
      cacheWriteTokens: count('cacheWrite', inputTokens ?? {}),
      outputTokens: count('total', outputTokens ?? {}),
      reasoningTokens: count('reasoning', outputTokens ?? {}),
    });
    return Object.keys(usage).length === 0 ? undefined : usage;
  });

/** The provider's id of a call, by the headers that providers send it in. */
export const requestIdOf = (holder: Fields): string | undefined => {
  const headers = headersIn(holder);
  return headers?.get('x-request-id') ?? headers?.get('request-id') ?? undefined;
};
