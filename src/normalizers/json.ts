import { type Abstention, abstain } from '../domain/normalizer.ts';
import { jsonIn } from './json/find-json.ts';
import { jsonNormalizer } from './json/json-normalizer.ts';
import type { JsonValue } from './json/json-value.ts';

/**
 * Yields the JSON value of a text: the whole text, otherwise the value in a code fence of JSON, on its own lines, or in a
 * sentence; the last one if there are several. An example, a denied value, and the code of another language do not win over
 * it. Key order does not matter for votes.
 *
 * Repairs trailing commas, single quotes, comments, Python literals and line breaks in strings, and the outcome has a
 * warning that says so. Abstains if the value is cut off or broken, has a key twice or an integer beyond 2^53, if it is a
 * bare `null`, if it is nested deeper than 200, and if the text has more than 1,000 values.
 *
 * @example
 * ```ts
 * import { json } from 'crucible-ensemble';
 *
 * json('Here you are:\n```json\n{"city": "Paris"}\n```'); // { city: 'Paris' }
 * ```
 */
export const json: (text: string) => JsonValue | Abstention = jsonNormalizer((readable, least) =>
  jsonIn(readable, (value) => (value === null ? abstain('the JSON value is null') : value), least),
);
