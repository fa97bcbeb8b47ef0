import { answerKey } from '../domain/answer-key.ts';
import type { ModelIdentity } from '../domain/attempt.ts';
import { hashAtOnce } from '../domain/hash-at-once.ts';
import type { ModelRequest } from '../domain/request.ts';

/**
 * Returns the canonical JSON of a call: the model, the whole request and the number of the sample. Calls with the same
 * text can share one response. Whether deltas are wanted and the `context` are not part of it.
 */
export const requestText = (model: ModelIdentity, request: ModelRequest): string => {
  const { sample = 0 } = request;
  const plain = plainText(request);
  if (plain !== undefined) return `{"asked":${plain},${nameOf(model)},"sample":${sample}}`;
  const { id, provider, modelId } = model;
  const { wantsDeltas: _, context: __, sample: ___, ...asked } = request;
  // The member keeps its first name, `modelName`, so that caches and journals written by 0.1.0 still answer.
  return answerKey({ id, provider, modelName: modelId, sample, asked });
};

interface Name {
  readonly id: string;
  readonly provider: string | undefined;
  readonly modelId: string | undefined;
  readonly text: string;
}

/** Names are the same in every call: to write them again took a third of the text. */
const names = new WeakMap<ModelIdentity, Name>();

/** Returns the members of canonical JSON that name a model. */
const nameOf = (model: ModelIdentity): string => {
  const { id, provider, modelId } = model;
  const known = names.get(model);
  if (known?.id === id && known.provider === provider && known.modelId === modelId) return known.text;
  const text = `"id":${JSON.stringify(id)}${optional('modelName', modelId)}${optional('provider', provider)}`;
  names.set(model, { id, provider, modelId, text });
  return text;
};

const optional = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;

/** The question that was written last: the members of a panel are asked the same one after the other. */
let last:
  | { readonly content: string; readonly prompt: string; readonly role: string; readonly text: string }
  | undefined;

/** Returns the canonical JSON of a request that is one question in words. Nearly all are; this is the fast path for them. */
const plainText = (request: ModelRequest): string | undefined => {
  for (const name in request) if (!PLAIN.has(name)) return undefined;
  const { messages, prompt } = request;
  const [message] = messages;
  if (messages.length !== 1 || message === undefined) return undefined;
  const { role, content } = message;
  for (const name in message) if (name !== 'role' && name !== 'content') return undefined;
  if (typeof role !== 'string' || typeof content !== 'string' || typeof prompt !== 'string') return undefined;
  if (content === last?.content && prompt === last.prompt && role === last.role) return last.text;
  const question = JSON.stringify(content);
  const asIs = prompt === content ? question : JSON.stringify(prompt);
  const text = `{"messages":[{"content":${question},"role":${JSON.stringify(role)}}],"prompt":${asIs}}`;
  last = { content, prompt, role, text };
  return text;
};

/** The members of a request that are the question, or no part of what is asked. */
const PLAIN: ReadonlySet<string> = new Set(['messages', 'prompt', 'sample', 'wantsDeltas', 'context']);

/** Returns the SHA-256 of a text in hexadecimal, so that a shared store does not have prompts in clear text. */
export const hashed = (text: string): string | Promise<string> =>
  hashAtOnce()?.('sha256', text, 'hex') ?? hashedLater(text);

const hashedLater = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};
