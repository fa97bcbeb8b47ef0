import { readSafely } from '../domain/foreign.ts';
import type { AnswerContext, AnswerOf, Normalizer } from '../domain/normalizer.ts';
import { mayCallTools } from '../domain/request.ts';
import { type Check, oneOf, withFix } from '../options.ts';
import { boolean } from './boolean.ts';
import { json } from './json.ts';
import { lowercaseTrim } from './lowercase-trim.ts';
import { readAs } from './normalizer-readers.ts';
import { numeric } from './numeric.ts';
import { isJsonSchema } from './schema.ts';
import { text as textWith } from './text.ts';
import { toolCalls } from './tool-calls.ts';

/** The normalizers that an ensemble accepts by name. */
export interface NamedNormalizers {
  readonly lowercaseTrim: typeof lowercaseTrim;
  readonly numeric: typeof numeric;
  readonly boolean: typeof boolean;
  readonly json: typeof json;
}

export const namedNormalizers: NamedNormalizers = { lowercaseTrim, numeric, boolean, json };

/** The name of a normalizer without options. */
export type NormalizerName = keyof NamedNormalizers;

/** A normalizer, or the name of one. */
export type Normalization = NormalizerName | Normalizer;

/** The type of the answers that a normalization yields. */
export type AnswerFor<N extends Normalization> = N extends NormalizerName
  ? AnswerOf<NamedNormalizers[N]>
  : AnswerOf<N>;

const callsOfTools = toolCalls();

/** Reads the calls of tools if the query has tools, and otherwise a text. Without a context there is no query. */
const byQuery = (ofText: Normalizer): Normalizer =>
  readAs(ofText, (text: string, context: AnswerContext) =>
    context !== undefined && mayCallTools(context.query)
      ? callsOfTools(text, context)
      : ofText(text, context),
  );

const plainly = byQuery(lowercaseTrim);

const unchanged = textWith({ case: 'keep', blanks: 'keep', refusals: 'abstain' });

/** The text of an answer in prose as its model wrote it, trimmed: the default with a grouping. Calls of tools as otherwise. */
export const asWritten: Normalizer = byQuery(readAs(unchanged, (text: string) => unchanged(text.trim())));

/** Returns the normalizer of a name or function. Default: calls of tools, and otherwise texts. */
export const normalizerOf = (normalization: Normalization = plainly): Normalizer =>
  typeof normalization === 'function' ? normalization : namedNormalizers[normalization];

/** Accepts a {@link Normalization}. */
export const isNormalization: Check = withFix(
  oneOf(Object.keys(namedNormalizers), 'or a function of the text', (value) => typeof value === 'function'),
  (value) => {
    if (value === 'math') return 'pass math() of crucible-ensemble/math';
    if (Array.isArray(value)) return 'for one of several answers, wrap it: choice(yours)';
    if (readSafely(value, '~standard') !== undefined) return 'wrap it: schema(yours)';
    return isJsonSchema(value) ? 'wrap it: jsonSchema(yours) of crucible-ensemble/json-schema' : undefined;
  },
);
