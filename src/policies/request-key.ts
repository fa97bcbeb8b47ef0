import { answerKey } from '../domain/answer-key.ts';
import type { ModelIdentity } from '../domain/attempt.ts';
import { hashAtOnce } from '../domain/hash-at-once.ts';
import type { ModelRequest } from '../domain/request.ts';

/**
 * Returns the canonical JSON of a call: the model, the whole request and the number of the sample. Calls with the same
 * text can share one response. Whether deltas are wanted and the `context` are not part of it.
 */
export const requestText = (
  { id, provider, modelId }: ModelIdentity,
  { wantsDeltas: _, context: __, sample = 0, ...asked }: ModelRequest,
): string => {
  const plain = plainText(asked);
  // The member keeps its first name, `modelName`, so that caches and journals written by 0.1.0 still answer.
  return plain === undefined
    ? answerKey({ id, provider, modelName: modelId, sample, asked })
    : `{"asked":${plain},"id":${JSON.stringify(id)}${optional('modelName', modelId)}${optional('provider', provider)},"sample":${sample}}`;
};

const optional = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;

/** Returns the canonical JSON of a request that is one question in words. Nearly all are; this is the fast path for them. */
const plainText = (asked: ModelRequest): string | undefined => {
  const { messages, prompt } = asked;
  const [message] = messages;
  if (Object.keys(asked).length !== 2 || messages.length !== 1 || message === undefined) return undefined;
  const { role, content } = message;
  if (Object.keys(message).length !== 2 || typeof content !== 'string' || typeof prompt !== 'string')
    return undefined;
  const question = JSON.stringify(content);
  const asIs = prompt === content ? question : JSON.stringify(prompt);
  return `{"messages":[{"content":${question},"role":${JSON.stringify(role)}}],"prompt":${asIs}}`;
};

/** Returns the SHA-256 of a text in hexadecimal, so that a shared store does not have prompts in clear text. */
export const hashed = (text: string): string | Promise<string> =>
  hashAtOnce()?.('sha256', text, 'hex') ?? hashedLater(text);

const hashedLater = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};
