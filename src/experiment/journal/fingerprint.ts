import { answerKey } from '../../domain/answer-key.ts';
import { isIterable } from '../../domain/is-iterable.ts';
import { itemsOf } from '../../domain/items-of.ts';
import { reading, refuse, shown } from '../../options.ts';
import { base64url } from './journal-digest.ts';

/** The number of characters that are digested at a time: small enough for memory, large enough for speed. */
const BLOCK_CHARACTERS = 65_536;

/**
 * Computes a fingerprint of named parts: `name=digest` for each part, sorted by name. Two fingerprints show which parts
 * differ. An iterable part, such as a dataset, is read completely, one item at a time. An array and a stream of the same
 * items have the same digest. Any other part is one value. Values that JSON leaves out, such as functions and `undefined`,
 * are left out. The order of object keys does not matter; the order of items does.
 *
 * A digest is the SHA-256, in base64url, of canonical JSON lines, chained over blocks: each digests the digest before it and
 * the lines up to the first that ends beyond 65,536 characters.
 *
 * Reads each part once and makes no calls. Keeps one block at a time in memory.
 *
 * @throws {ConfigError} if the name of a part has other characters than letters, digits, `-` and `_`.
 *
 * @example
 * ```ts
 * import { fingerprintOf } from 'crucible-ensemble/experiment';
 *
 * const dataset = [{ id: '1', question: 'What is 2 + 2?', expected: '4' }];
 * const before = await fingerprintOf({ dataset, panel: { models: ['small'], samples: 3 } });
 * const after = await fingerprintOf({ panel: { samples: 3, models: ['small'] }, dataset: dataset.values() });
 * after === before; // => true
 * before.replaceAll(/=\S+/g, ''); // => 'dataset panel'
 * ```
 */
export const fingerprintOf = async (parts: Readonly<Record<string, unknown>>): Promise<string> => {
  const given = reading('fingerprintOf', () => Object.entries(parts))
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  refuse(
    given.flatMap(([name]) =>
      /^[\w-]+$/.test(name)
        ? []
        : [`fingerprintOf: the name of a part must be letters, digits, - and _, but got ${shown(name)}`],
    ),
  );
  const digests: string[] = [];
  for (const [name, part] of given) digests.push(`${name}=${await digestOf(part)}`);
  return digests.join(' ');
};

/** The names of the parts in which two fingerprints differ; empty if a fingerprint has no parts. */
export const differingParts = (one: string, other: string): readonly string[] => {
  const [these, those] = [one, other].map(
    (text) =>
      new Map(
        text.split(' ').flatMap((word) => {
          const { name, digest } = /^(?<name>[\w-]+)=(?<digest>\S+)$/.exec(word)?.groups ?? {};
          return name === undefined || digest === undefined ? [] : [[name, digest] as const];
        }),
      ),
  ) as [Map<string, string>, Map<string, string>];
  const names = new Set([...these.keys(), ...those.keys()]);
  return [...names].filter((name) => these.get(name) !== those.get(name));
};

/** @throws {ConfigError} for a part that has no JSON. */
const keyOf = (part: unknown): string => reading('fingerprintOf', () => answerKey([part]));

const digestOf = async (part: unknown): Promise<string> => {
  // Wrapped in an array, so that strings become JSON too and contain no line break.
  if (!isIterable(part)) return base64url(await chained(new Uint8Array(), keyOf(part)));
  let digest: Uint8Array<ArrayBuffer> = new Uint8Array();
  let block = '';
  for await (const item of itemsOf(part)) {
    block += `${keyOf(item)}\n`;
    if (block.length < BLOCK_CHARACTERS) continue;
    digest = await chained(digest, block);
    block = '';
  }
  return base64url(await chained(digest, block));
};

const chained = async (before: Uint8Array, block: string): Promise<Uint8Array<ArrayBuffer>> => {
  const text = new TextEncoder().encode(block);
  const bytes = new Uint8Array(before.length + text.length);
  bytes.set(before);
  bytes.set(text, before.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
};
