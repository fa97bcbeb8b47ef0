import { closest } from '../domain/closest.ts';
import { ConfigError } from '../domain/errors.ts';
import { readSafely } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import { isPromise } from '../domain/is-promise.ts';
import {
  attachmentsIn,
  isAttachment,
  partsOf,
  type RequestMessage,
  textOf,
  writtenIn,
} from '../domain/message.ts';
import type { Conversation, ModelRequest, Query } from '../domain/request.ts';
import { reading, refuse, shown, wholeNumber } from '../options.ts';
import { overridableNames } from './option-specs.ts';
import { settingMeant, settingsFaults } from './request/settings-checks.ts';
import {
  blankFaults,
  limitedSize,
  type QueryDefaults,
  type QueryReader,
  toTextRequest,
  withDefaults,
} from './request/text-request.ts';
import { type Converted, type Turn, toMessages } from './request/to-messages.ts';
import { toolChoiceFaults, toTools } from './request/to-tools.ts';

/** A request as it was copied, whose instructions may still stand among its turns. */
type MixedRequest = Omit<ModelRequest, 'messages' | 'prompt' | 'tools'> & {
  readonly messages: readonly Turn[];
  readonly prompt: string | undefined;
  readonly tools?: unknown;
};

/**
 * The request of a query. A request is a query too. The turns of a conversation are copied, so that what was checked is
 * what is sent.
 *
 * @param owner the function that received the query, for the message.
 * @throws {ConfigError} that lists every fault of the query. A blank question is one: its answers would be paid for, and
 *   say nothing.
 */
export const toRequest = (
  query: Query | ModelRequest,
  owner = 'predict',
  defaults: QueryDefaults = {},
): ModelRequest => {
  return typeof query === 'string'
    ? toTextRequest(query, owner, defaults)
    : conversationRequest(query, owner, defaults);
};

const conversationRequest = (
  query: Conversation | ModelRequest,
  owner: string,
  { system, settings, maxRequestBytes }: QueryDefaults,
): ModelRequest => {
  const request = copyOf(query, owner);
  const { messages, faults } = readPlain(owner, () => toMessages(owner, request.messages));
  const { tools, faults: toolFaults } = readPlain(owner, () => toTools(owner, request.tools));
  refuse([
    ...nameFaults(owner, request),
    ...(request.system === undefined ? [] : stringFaults(`${owner}: system`, request.system)),
    ...faults,
    ...(request.prompt === undefined ? [] : stringFaults(`${owner}: prompt`, request.prompt)),
    ...limitFaults(owner, request.maxOutputTokens),
    ...toolFaults,
    ...toolChoiceFaults(owner, request.toolChoice, tools),
    ...settingsFaults(owner, request.settings),
  ]);
  const { tools: _, settings: own, ...rest } = request;
  const prompt = request.prompt ?? textOf(messages.findLast(isSaid)?.content ?? '');
  const all = given({ tools, settings: withDefaults(own, settings) });
  const whole = withInstructions({ ...rest, messages, prompt, ...all }, system);
  refuse([...silenceFaults(owner, whole), ...limitedSize(owner, sizeOf(whole), maxRequestBytes)]);
  return whole;
};

/**
 * Returns the question of a query: the text of its last turn that a user or a model wrote. Of several parts their texts,
 * with an empty line between them.
 *
 * @throws {ConfigError} for an invalid query.
 *
 * @example
 * ```ts
 * import { promptOf } from 'crucible-ensemble';
 *
 * promptOf({ messages: [{ role: 'user', content: 'What is 2 + 2?' }] }); // => 'What is 2 + 2?'
 * ```
 */
export const promptOf = (query: Query): string =>
  typeof query === 'string' ? query : reading('promptOf', () => toRequest(query, 'promptOf').prompt);

/** A request with converted turns. */
type ConvertedRequest = Omit<ModelRequest, 'messages'> & { readonly messages: Converted['messages'] };

/** Returns the size of a request, in bytes: its texts, its tools and the base64 of its files. Texts are measured by their characters. */
export const sizeOf = ({ messages, system = '', tools }: ModelRequest): number =>
  messages.reduce(
    (sum, { content }) =>
      attachmentsIn(content).reduce((files, { encodedLength }) => files + encodedLength, sum) +
      writtenIn(content).length,
    system.length + (tools === undefined ? 0 : JSON.stringify(tools).length),
  );

/**
 * Returns a query as predictions and events have it: a file is described by its type, its size and its digest, and its
 * content is not printed.
 */
const shownQuery = (query: Query | ModelRequest, request: ModelRequest): Query => {
  if (typeof query === 'string') return query;
  const hasFiles = request.messages.some(({ content }) => attachmentsIn(content).length > 0);
  if (!hasFiles) return query;
  const turns = request.messages.values();
  return {
    ...query,
    messages: query.messages.map((turn) =>
      turn.role === 'system' ? turn : withCopiedFiles(turns.next().value ?? turn),
    ),
  };
};

/**
 * Reads texts and conversations, with files and tools: the option `queries` of an ensemble of values, which else reads texts.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { conversations, createEnsemble } from 'crucible-ensemble/values';
 *
 * const ensemble = createEnsemble({
 *   models: [defineModel('echo', (_, { request }) => `${request.messages.length} messages`)],
 *   normalization: (text) => text,
 *   queries: conversations,
 * });
 * const { answer } = await ensemble.predict({
 *   messages: [
 *     { role: 'user', content: 'My name is Ada.' },
 *     { role: 'assistant', content: 'Hello, Ada.' },
 *     { role: 'user', content: 'What is my name?' },
 *   ],
 * });
 * answer; // => '3 messages'
 * ```
 */
export const conversations: QueryReader = { name: 'conversations', [internal]: { toRequest, shownQuery } };

/** Not the attachments of the request, so that their base64 is free when the prediction is done. */
const withCopiedFiles = (turn: Turn): Turn =>
  attachmentsIn(turn.content).length === 0
    ? turn
    : ({
        ...turn,
        content: partsOf(turn.content).map((part) => (isAttachment(part) ? part.copy() : part)),
      } as Turn);

/** Joins all instructions of a query. An empty text replaces that of the ensemble with nothing. */
const withInstructions = (
  { system: own, messages, ...request }: ConvertedRequest,
  ofEnsemble: string | undefined,
): ModelRequest => {
  const instructions = messages.flatMap((turn) => (isTurn(turn) ? [] : [turn.content]));
  const texts = [own, ...instructions].filter((text) => text !== undefined);
  const system = texts.length === 0 ? ofEnsemble : texts.filter((text) => text !== '').join(BETWEEN);
  return { ...request, messages: messages.filter(isTurn), ...(system && { system }) };
};

/** Whether a turn is of a user or a model. */
const isSaid = ({ role }: Converted['messages'][number]): boolean => role !== 'system' && role !== 'tool';

const isTurn = (turn: Converted['messages'][number]): turn is RequestMessage => turn.role !== 'system';

/** Between two instructions: an empty line. */
const BETWEEN = '\n\n';

/** Copies a conversation; reading it may throw, because it may have any getters. */
const copyOf = (query: Conversation | ModelRequest, owner: string): MixedRequest => {
  const copied = readPlain(owner, () => {
    if (!isObject(query) || !Array.isArray(query.messages) || query.messages.length === 0) return undefined;
    const messages = Array.from(query.messages, copyOfTurn);
    const { system } = query;
    const prompt = 'prompt' in query ? query.prompt : undefined;
    return { ...query, messages, prompt, ...(system !== undefined && { system }) };
  });
  if (copied !== undefined) return copied;
  throw new ConfigError([
    `${owner}: the query must be a string, or { messages } that end with the question, but got ${describedQuery(query)}`,
  ]);
};

/** Reads a part of a query, which may have any getters. */
const readPlain = <Value>(owner: string, read: () => Value): Value => {
  try {
    return read();
  } catch {
    throw new ConfigError([
      `${owner}: the query cannot be read, because one of its getters threw; give it as plain data`,
    ]);
  }
};

/** An invalid query in words, and how it is probably mended. */
const describedQuery = (query: unknown): string => {
  if (isPromise(query)) return 'a promise; await it first';
  if (Array.isArray(query)) {
    const isConversation = query.some((turn) => readSafely(turn, 'role') !== undefined);
    const fix = isConversation
      ? 'did you mean { messages: yours }?'
      : 'ask several questions with predictAll';
    return `${shown(query)}; ${fix}`;
  }
  if (!isObject(query)) return shown(query);
  const messages = readSafely(query, 'messages');
  if (Array.isArray(messages)) return 'messages that are empty; end them with the question';
  if (messages !== undefined)
    return `messages that are ${shown(messages)}; give an array of { role, content }`;
  const isPrompt = typeof readSafely(query, 'prompt') === 'string';
  return `an object without messages; ${isPrompt ? 'give the prompt alone, as a string' : 'add { messages }'}`;
};

const copyOfTurn = (turn: Turn): Turn =>
  isObject(turn) ? ({ ...turn, role: turn.role, content: turn.content } as Turn) : turn;

/** The fields of a request. A query may have others, for a function that chooses the models. */
const FIELDS: ReadonlySet<string> = new Set([
  'system',
  'messages',
  'prompt',
  'answerSchema',
  'wantsDeltas',
  'sample',
  'maxOutputTokens',
  'tools',
  'toolChoice',
  'settings',
  'context',
] satisfies (keyof ModelRequest)[]);

/** No slip of a name is longer. */
const LONGEST_SLIP = 20;

/** What other libraries call the instructions. */
const INSTRUCTIONS = /^(?:system|instructions?$|developer$|preamble$)/i;

/** Options of models that are no settings of a query, as libraries and providers spell them. */
const SETTINGS = /^(?:(?:response|text)_?format|logprobs|thinking)$/i;

/** Faults of names that have no effect in a query, and seem to have one: nothing would tell that they are not sent. */
const nameFaults = (owner: string, request: MixedRequest): string[] =>
  Object.keys(request).flatMap((name) => {
    if (FIELDS.has(name) || name.length > LONGEST_SLIP) return [];
    const fix = fixOfName(name);
    return fix === undefined ? [] : [`${owner}: a query has no field ${shown(name)}; ${fix}`];
  });

const fixOfName = (name: string): string | undefined => {
  const meant = INSTRUCTIONS.test(name)
    ? 'system'
    : closest(name, ['system', 'messages', 'tools', 'toolChoice', 'settings']);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  const setting = settingMeant(name);
  if (setting !== undefined) return `give it as a setting: { settings: { ${setting} } }`;
  if (SETTINGS.test(name)) return 'give it to the models, where they are made';
  if (name === 'stream') return 'use stream(query)';
  const option = name === 'abortSignal' ? 'signal' : name;
  return OPTIONS.has(option) ? `pass it as an option: predict(query, { ${option} })` : undefined;
};

/** The options of a prediction. */
const OPTIONS: ReadonlySet<string> = new Set([...overridableNames, 'signal', 'context']);

const limitFaults = (owner: string, limit: unknown): string[] => {
  const expected = limit === undefined ? undefined : wholeNumber(1)(limit);
  return expected === undefined
    ? []
    : [`${owner}: maxOutputTokens must be ${expected}, but got ${shown(limit)}`];
};

/** The question may be blank if it comes with files, or with results of tools. */
const silenceFaults = (owner: string, { messages, prompt }: ModelRequest): string[] => {
  const { role, content } = messages.at(-1) ?? { role: 'user', content: '' };
  const isResult = role === 'tool' && content.length > 0;
  return isResult || attachmentsIn(content).length > 0 ? [] : blankFaults(owner, prompt);
};

const stringFaults = (place: string, value: unknown): string[] =>
  typeof value === 'string' ? [] : [`${place} must be a string, but got ${shown(value)}`];
