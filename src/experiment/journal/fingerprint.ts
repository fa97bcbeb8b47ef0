import { answerKey } from '../../domain/answer-key.ts';
import { refuse, shown } from '../../options.ts';
import { base64url } from './base64url.ts';

/** How many characters are digested at a time: few enough to hold, enough for a digest to be worth its price. */
const BLOCK_CHARACTERS = 65_536;

/**
 * A text that is the same for the same parts, and else says which of them differ: `name=digest` for each part,
 * by name. A part that can be iterated, such as a dataset, is read to its end one item at a time; an array
 * and a stream of the same items are the same. Every other part is one value. What JSON leaves out, such as
 * functions and `undefined`, is left out; the order of an object's keys does not count, that of items does.
 *
 * A digest is the SHA-256, in base64url, of canonical JSON lines, chained over blocks: each digests the one
 * before it and the lines up to the first that ends beyond 65,536 characters.
 *
 * Costs one pass over each part, and no call. Holds one block at a time.
 *
 * @throws {ConfigError} for names of parts that are not letters, digits, `-` and `_`.
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
  const given = Object.entries(parts)
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

/** The names of the parts in which two fingerprints differ; nothing where they have no such parts. */
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

const isIterable = (part: unknown): part is Iterable<unknown> | AsyncIterable<unknown> =>
  typeof part === 'object' && part !== null && (Symbol.iterator in part || Symbol.asyncIterator in part);

const digestOf = async (part: unknown): Promise<string> => {
  // A value in an array is JSON also where it is a text: no line break of its own ends its line.
  if (!isIterable(part)) return base64url(await chained(new Uint8Array(), answerKey([part])));
  let digest: Uint8Array<ArrayBuffer> = new Uint8Array();
  let block = '';
  for await (const item of part) {
    block += `${answerKey([item])}\n`;
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
