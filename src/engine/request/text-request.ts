import { ConfigError } from '../../domain/errors.ts';
import { kindOf } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { internal } from '../../domain/internal.ts';
import { isObject } from '../../domain/is-object.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { ModelRequest, Query } from '../../domain/request.ts';
import { refuse } from '../../options.ts';

/** What an ensemble gives to the queries that have none of their own. */
export interface QueryDefaults {
  readonly system?: string | undefined;
  readonly settings?: QuerySettings | undefined;
  /** The maximum number of bytes of a request: its texts, its tools and the base64 of its files. Default: no limit. */
  readonly maxRequestBytes?: number | undefined;
}

/** How an ensemble reads its queries. */
export interface QueryReader {
  /** Which queries it reads. */
  readonly name: string;
  /** @internal */
  readonly [internal]: {
    /** Returns the request of a query. Throws a `ConfigError` that lists every fault. */
    readonly toRequest: (query: Query | ModelRequest, owner: string, defaults: QueryDefaults) => ModelRequest;
    /** Returns a query as predictions and events have it. */
    readonly shownQuery: (query: Query | ModelRequest, request: ModelRequest) => Query;
  };
}

/** Has a slot for the internal facts of each call, because a symbol that is added later takes an array of its own. */
const plainRequest = (prompt: string): ModelRequest => ({
  prompt,
  messages: [{ role: 'user', content: prompt }],
  [internal]: undefined,
});

/** The request of a text. */
export const toTextRequest = (query: string, owner: string, defaults: QueryDefaults): ModelRequest => {
  const { system, settings } = defaults;
  const size = query.length + (system?.length ?? 0);
  // Nearly all questions are sound, and need no lists of faults.
  if (isBlank(query) || isTooLarge(size, defaults.maxRequestBytes))
    refuse([...blankFaults(owner, query), ...limitedSize(owner, size, defaults.maxRequestBytes)]);
  const request = plainRequest(query);
  if (!system && settings === undefined) return request;
  return { ...request, ...(system && { system }), ...(settings && { settings: given(settings) }) };
};

/** Reads texts. An ensemble in another one also receives the request of a text. */
export const texts: QueryReader = {
  name: 'texts',
  [internal]: {
    toRequest: (query, owner, defaults) => {
      if (typeof query === 'string') return toTextRequest(query, owner, defaults);
      if (!isOfText(query))
        throw new ConfigError([
          `${owner}: the query must be a string, but got ${kindOf(query)}; for messages, files and tools set "queries" to conversations of crucible-ensemble/values`,
        ]);
      const settings = withDefaults(query.settings, defaults.settings);
      const { system = defaults.system } = query;
      const request = toTextRequest(query.prompt, owner, { ...defaults, system });
      return { ...request, ...query, ...(settings && { settings }) };
    },
    shownQuery: (query) => query,
  },
};

/** Whether a query is the request of another ensemble, and no more than one text. */
const isOfText = (query: unknown): query is ModelRequest => {
  if (!isObject(query) || !(internal in query)) return false;
  const { messages, tools } = query as unknown as ModelRequest;
  return messages.length === 1 && typeof messages[0]?.content === 'string' && tools === undefined;
};

/** The settings of a query go before those of the ensemble. */
export const withDefaults = (
  own: QuerySettings | undefined,
  ofEnsemble: QuerySettings | undefined,
): QuerySettings | undefined =>
  own === undefined && ofEnsemble === undefined ? undefined : given({ ...ofEnsemble, ...given({ ...own }) });

const isTooLarge = (size: number, maxRequestBytes = Number.POSITIVE_INFINITY): boolean =>
  !(size <= maxRequestBytes);

/** Faults of a request that is too large to send. */
export const limitedSize = (owner: string, size: number, maxRequestBytes?: number): string[] =>
  isTooLarge(size, maxRequestBytes)
    ? [
        `${owner}: the query has ${size} bytes with its files as base64, and "maxRequestBytes" is ${maxRequestBytes}; make the files smaller, or raise it`,
      ]
    : [];

/** Whether a question has no character that is visible. */
const isBlank = (text: string): boolean => !VISIBLE.test(text);

const VISIBLE = /\S/;

/** Faults of a question that says nothing. */
export const blankFaults = (owner: string, text: string): string[] =>
  isBlank(text)
    ? [
        `${owner}: the question must not be blank, but got ${text === '' ? 'an empty string' : 'a string of blanks'}; check where its text comes from`,
      ]
    : [];
