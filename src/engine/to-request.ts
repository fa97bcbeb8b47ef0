import { closest } from '../domain/closest.ts';
import { ConfigError } from '../domain/errors.ts';
import { readSafely } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import { isPromise } from '../domain/is-promise.ts';
import type { Conversation, ModelRequest, Query } from '../domain/request.ts';
import { refuse, shown, wholeNumber } from '../options.ts';
import { overrideSpecs } from './option-checks.ts';

/** Has a slot for the internal facts of each call, because a symbol that is added later takes an array of its own. */
const plainRequest = (prompt: string): ModelRequest => ({
  prompt,
  messages: [{ role: 'user', content: prompt }],
  [internal]: undefined,
});

type Turn = Conversation['messages'][number];

/** A request whose instructions may still stand among its turns. */
type MixedRequest = Omit<ModelRequest, 'messages'> & Pick<Conversation, 'messages'>;

/**
 * The request of a query. A request is a query too. The turns of a conversation are copied, so that what was checked is
 * what is sent.
 *
 * @param owner the function that received the query, for the message.
 * @param system the instructions for a query that has none of its own.
 * @throws {ConfigError} that lists every fault of the query. A blank question is one: its answers would be paid for, and
 *   say nothing.
 */
export const toRequest = (
  query: Query | ModelRequest,
  owner = 'predict',
  system: string | undefined = undefined,
): ModelRequest => {
  if (typeof query === 'string') {
    refuse(blankFaults(owner, query));
    const request = plainRequest(query);
    return system ? { ...request, system } : request;
  }
  const request = copyOf(query, owner);
  const { messages, prompt, maxOutputTokens } = request;
  refuse([
    ...nameFaults(owner, request),
    ...(request.system === undefined ? [] : stringFaults(`${owner}: system`, request.system)),
    ...turnFaults(owner, messages),
    ...stringFaults(`${owner}: prompt`, prompt),
    ...limitFaults(owner, maxOutputTokens),
  ]);
  // An invalid turn has no text, and has been refused as such.
  refuse(blankFaults(owner, prompt));
  return withInstructions(request, system);
};

/** Joins all instructions of a query. An empty text replaces that of the ensemble with nothing. */
const withInstructions = (
  { system: own, messages, ...request }: MixedRequest,
  ofEnsemble: string | undefined,
): ModelRequest => {
  const turns = messages.filter((turn) => turn.role !== 'system');
  const given = [own, ...messages.filter((turn) => turn.role === 'system').map(({ content }) => content)];
  const texts = given.filter((text) => text !== undefined);
  const system = texts.length === 0 ? ofEnsemble : texts.filter((text) => text !== '').join(BETWEEN);
  return { ...request, messages: turns, ...(system && { system }) };
};

/** Between two instructions: an empty line. */
const BETWEEN = '\n\n';

/** Copies a conversation; reading it may throw, because it may have any getters. */
const copyOf = (query: Conversation | ModelRequest, owner: string): MixedRequest => {
  let messages: Turn[] = [];
  try {
    if (isObject(query) && Array.isArray(query.messages)) messages = Array.from(query.messages, copyOfTurn);
    if (messages.length > 0) {
      const { system } = query;
      const prompt = 'prompt' in query ? query.prompt : contentOf(messages.findLast(isNoInstruction));
      return { ...query, messages, prompt, ...(system !== undefined && { system }) };
    }
  } catch {
    throw new ConfigError([
      `${owner}: the query cannot be read, because one of its getters threw; give it as plain data`,
    ]);
  }
  throw new ConfigError([
    `${owner}: the query must be a string, or { messages } that end with the question, but got ${describedQuery(query)}`,
  ]);
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
  isObject(turn) ? { ...turn, role: turn.role, content: turn.content } : turn;

const isNoInstruction = (turn: Turn): boolean => turn?.role !== 'system';

/** The fields of a request. A query may have others, for a function that chooses the models. */
const FIELDS: ReadonlySet<string> = new Set([
  'system',
  'messages',
  'prompt',
  'answerSchema',
  'wantsDeltas',
  'sample',
  'maxOutputTokens',
] satisfies (keyof ModelRequest)[]);

/** No slip of a name is longer. */
const LONGEST_SLIP = 20;

/** What other libraries call the instructions. */
const INSTRUCTIONS = /^(?:system|instructions?$|developer$|preamble$)/i;

/** Settings of models, as libraries and providers spell them. */
const SETTINGS =
  /^(?:temperature|top_?[pk]|max(?:_?(?:completion|output))?_?tokens|stop(?:_?sequences)?|seed|tools?|tool_?choice|(?:response|text)_?format|(?:frequency|presence)_?penalty|logprobs|reasoning(?:_?effort)?|thinking)$/i;

/** Faults of names that have no effect in a query, and seem to have one: nothing would tell that they are not sent. */
const nameFaults = (owner: string, request: MixedRequest): string[] =>
  Object.keys(request).flatMap((name) => {
    if (FIELDS.has(name) || name.length > LONGEST_SLIP) return [];
    const fix = fixOfName(name);
    return fix === undefined ? [] : [`${owner}: a query has no field ${shown(name)}; ${fix}`];
  });

const fixOfName = (name: string): string | undefined => {
  const meant = INSTRUCTIONS.test(name) ? 'system' : closest(name, ['system', 'messages']);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  if (SETTINGS.test(name)) return 'give it to the models as a setting, where they are made';
  if (name === 'stream') return 'use stream(query)';
  const option = name === 'abortSignal' ? 'signal' : name;
  return OPTIONS.has(option) ? `pass it as an option: predict(query, { ${option} })` : undefined;
};

/** The options of a prediction. */
const OPTIONS: ReadonlySet<string> = new Set(Object.keys(overrideSpecs));

/** The question, unless the turn has a fault. */
const contentOf = (turn: Turn | undefined): string => (typeof turn?.content === 'string' ? turn.content : '');

/** The most faults of turns that are listed: a body from the web may have any number of them. */
const MAX_LISTED = 20;

const turnFaults = (owner: string, turns: readonly Turn[]): string[] => {
  const faults: string[] = turns.some(isNoInstruction)
    ? []
    : [
        `${owner}: messages must end with the question, but all of them are instructions: add { role: 'user', content }`,
      ];
  let unlisted = 0;
  for (const [index, turn] of turns.entries()) {
    const found = faultsOfTurn(`${owner}: messages[${index}]`, turn);
    if (faults.length < MAX_LISTED) faults.push(...found);
    else unlisted += found.length;
  }
  return unlisted === 0 ? faults : [...faults, `${owner}: ${unlisted} more faults in messages`];
};

const faultsOfTurn = (place: string, turn: Turn): string[] => {
  if (!isObject(turn)) return [`${place} must be an object { role, content }, but got ${shown(turn)}`];
  return [...roleFaults(`${place}.role`, turn.role), ...stringFaults(`${place}.content`, turn.content)];
};

const roleFaults = (place: string, role: string): string[] => {
  if (role === 'user' || role === 'assistant' || role === 'system') return [];
  const hint = role === 'developer' ? "; instructions have the role 'system'" : '';
  return [`${place} must be 'system', 'user' or 'assistant', but got ${shown(role)}${hint}`];
};

const limitFaults = (owner: string, limit: unknown): string[] => {
  const expected = limit === undefined ? undefined : wholeNumber(1)(limit);
  return expected === undefined
    ? []
    : [`${owner}: maxOutputTokens must be ${expected}, but got ${shown(limit)}`];
};

/** A question without a character that is visible. */
const blankFaults = (owner: string, text: string): string[] =>
  /\S/.test(text)
    ? []
    : [
        `${owner}: the question must not be blank, but got ${text === '' ? 'an empty string' : 'a string of blanks'}; check where its text comes from`,
      ];

const stringFaults = (place: string, value: unknown): string[] =>
  typeof value === 'string' ? [] : [`${place} must be a string, but got ${shown(value)}`];
