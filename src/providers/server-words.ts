import type { ModelError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { ModelResponse } from '../domain/model.ts';
import { providerMetadata, providerWarnings, reportedByProvider } from '../domain/provider-report.ts';
import { withoutKeys } from '../domain/quoting.ts';
import { echoOf, secretParts } from './echoed-keys.ts';

/** The maximum number of characters of a word from a server, such as an id. Longer ones are cut. */
const LONGEST_WORD = 200;

/** The maximum number of characters that are read of a word. */
const LONGEST_READ = 4096;

/** The maximum number of characters that are kept of a sentence. */
const LONGEST_SENTENCE = 2000;

/** Shorter keys, such as that of a local server, are found within other words. */
const SHORTEST_SECRET = 8;

/** Characters that control a terminal, reorder text or are hidden. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** What may be one of them. Looked for first, because it takes a tenth of the time, and nearly no text has it (measured). */
const NOT_PLAIN = /[^ -~]/;

const withoutControl = (text: string, instead: string): string =>
  NOT_PLAIN.test(text) ? text.replace(CONTROL, instead) : text;

/** Cleans what a server says besides its answer, before it gets into logs, spans and journals. */
export interface ServerWords {
  /** Returns a word of a server: short, printable, and without keys. */
  readonly word: (text: string) => string;
  /** Returns a response with such words. Its text is the answer, and stays as it is. */
  readonly response: (response: ModelResponse) => ModelResponse;
  /** Returns a sentence of a server: printable, without keys, and cut at 2000 characters. */
  readonly sentence: (text: string) => string;
  /** Cleans the words in an error. */
  readonly error: (error: ModelError) => ModelError;
}

/** Returns a function that does not run again for the value that it was called with last. */
const rememberingLast = <Value, Result>(run: (value: Value) => Result): ((value: Value) => Result) => {
  let last: { readonly value: Value; readonly result: Result } | undefined;
  return (value) => {
    if (last === undefined || last.value !== value) last = { value, result: run(value) };
    return last.result;
  };
};

/** The keys that a client of the caller has, under the names of the SDKs. */
export const keysOf = (client: unknown): readonly unknown[] =>
  isObject(client) ? ['apiKey', 'authToken'].map((name) => Reflect.get(client, name)) : [];

/** @param secrets the key of a model and other values that it sends, such as its headers. Only texts are looked for. */
export const serverWords = (secrets: readonly unknown[]): ServerWords => {
  const parts = secrets
    .filter((secret) => typeof secret === 'string')
    .flatMap(secretParts)
    .filter((secret) => secret.length >= SHORTEST_SECRET);
  const isEcho = echoOf(parts);
  const keys = parts
    .flatMap((secret) => [
      ...new Set([secret, encodeURIComponent(secret), secret.toLowerCase(), secret.toUpperCase()]),
    ])
    // The longer one first, because it may begin with the other.
    .sort((one, other) => other.length - one.length);
  const masked = (text: string): string =>
    withoutKeys(
      keys.some((key) => text.includes(key))
        ? keys.reduce((rest, key) => rest.replaceAll(key, '***'), text)
        : text,
    );
  const word = (text: string): string => {
    const clean = masked(withoutControl(text.slice(0, LONGEST_READ), ''));
    // A word is only a name, so that all of it can go if a piece of a key is left.
    if (isEcho(clean)) return '***';
    return clean.length > LONGEST_WORD ? `${clean.slice(0, LONGEST_WORD - 1)}…` : clean;
  };
  const wordOrNone = (text: string | undefined): string | undefined =>
    typeof text === 'string' ? word(text) || undefined : undefined;
  // A server names the same model in every reply.
  const modelWord = rememberingLast(wordOrNone);

  return {
    word,
    sentence: (text) => masked(withoutControl(text.slice(0, LONGEST_SENTENCE), ' ')),
    response(response) {
      const { id, model, finishReason } = providerMetadata(response) ?? {};
      const metadata = given({
        id: wordOrNone(id),
        model: modelWord(model),
        finishReason: wordOrNone(finishReason),
      });
      const { requestId, ...rest } = response;
      return {
        ...rest,
        ...given({ requestId: wordOrNone(requestId) }),
        ...reportedByProvider({ metadata, warnings: providerWarnings(response).map(masked) }, response),
      };
    },
    error(error) {
      const { code } = error;
      const codeWord = typeof code === 'string' ? word(code) : undefined;
      for (const name of ['message', 'stack'] as const) {
        const text = error[name];
        if (typeof text !== 'string') continue;
        // A message has the code in it.
        const clean = masked(code && codeWord !== undefined ? text.replaceAll(code, codeWord) : text);
        if (clean !== text) Object.defineProperty(error, name, { value: clean });
      }
      for (const name of ['code', 'requestId'] as const) {
        const text = error[name];
        if (typeof text === 'string') Object.assign(error, { [name]: word(text) });
      }
      return error;
    },
  };
};
