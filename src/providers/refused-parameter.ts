import type { ModelError } from '../domain/errors.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import { quotedName } from '../domain/quoting.ts';
import { asObject } from './as-object.ts';
import { errorParts } from './error-parts.ts';
import { bodyOf, withHint } from './http-error.ts';

type Setting = keyof QuerySettings;

/** The settings of a query, and what providers call them, in camel case or with underscores. */
const SETTINGS: Readonly<Record<Setting, readonly string[]>> = {
  maxOutputTokens: ['max_tokens', 'max_completion_tokens', 'max_output_tokens'],
  temperature: ['temperature'],
  topP: ['top_p'],
  topK: ['top_k'],
  presencePenalty: ['presence_penalty'],
  frequencyPenalty: ['frequency_penalty'],
  stopSequences: ['stop', 'stop_sequences'],
  seed: ['seed', 'random_seed'],
  reasoningEffort: [
    ...['reasoning_effort', 'reasoning', 'effort', 'output_config', 'thinking', 'budget_tokens'],
    ...['thinking_config', 'thinking_level', 'thinking_budget'],
  ],
};

/** What else a request may have. */
const OTHERS = [
  ...['response_format', 'tools', 'tool_choice', 'logprobs', 'stream_options', 'messages', 'input', 'text'],
  ...['contents', 'tool_config', 'generation_config', 'response_json_schema', 'include', 'store', 'system'],
  ...['response_mime_type', 'response_logprobs', 'candidate_count', 'safety_settings', 'service_tier'],
];

/** The objects of a request that say less than what is within them. */
const HOLDERS = [
  'generation_config',
  'output_config',
  'thinking_config',
  'thinking',
  'reasoning',
  'text',
  'input',
];

/** What a request had, for the error that names a part of it. */
interface SentNames {
  /** The settings of the query that were sent. */
  readonly settings: QuerySettings;
  /** The options of the model. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The names of its raw parameters. */
  readonly parameters: readonly string[];
}

/**
 * Names the parameter that a provider refuses in the message of its error, and where it was set. Only names that this library
 * or its caller writes are repeated, never a value or another word of the provider.
 */
export const withRefusedParameter = <Refused extends ModelError>(
  error: Refused,
  { settings, options, parameters }: SentNames,
): Refused => {
  const known = [...Object.values(SETTINGS).flat(), ...OTHERS, ...parameters];
  const refused = parameterIn(bodyOf(error), known);
  if (refused === undefined) return error;
  return withHint(
    error,
    `it names the parameter ${quotedName(refused)}${placeOf(refused, { settings, options, parameters })}`,
  );
};

/** Where a parameter was set, and what helps. */
const placeOf = (refused: string, { settings, options, parameters }: SentNames): string => {
  const setting = (Object.keys(SETTINGS) as Setting[]).find((name) => includes(SETTINGS[name], refused));
  if (setting !== undefined && settings[setting] !== undefined)
    return `, which is the setting "${setting}" of the query: leave it out, or change it`;
  if (includes(parameters, refused)) return ` of the option "parameters": leave it out, or change it`;
  const option = [setting, refused].find((name) => name !== undefined && options[name] !== undefined);
  return option === undefined
    ? ''
    : `, which is the option "${option}" of the model: leave it out, or change it`;
};

/** Whether a list has a name, in either spelling. */
const includes = (names: readonly string[], name: string): boolean =>
  names.some((one) => plain(one) === plain(name));

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Returns the known name in a body: in a field for it, in the place of a validation error, or in a sentence. */
const parameterIn = (body: unknown, known: readonly string[]): string | undefined => {
  const { objects, texts } = errorParts(body);
  const fields = objects.flatMap(({ param, parameter, loc, field, fieldViolations }) => [
    ...[param, parameter, field].filter((name) => typeof name === 'string'),
    ...(Array.isArray(loc) ? [loc.join('.')] : []),
    ...(Array.isArray(fieldViolations) ? fieldViolations.map((violation) => asObject(violation).field) : []),
  ]);
  const sentences = [...objects.flatMap(({ message, msg, detail }) => [message, msg, detail]), ...texts];
  const places = [...fields, ...sentences.flatMap(placesIn)];
  return telling(places.map((place) => telling(partsOf(place, known))).filter((name) => name !== undefined));
};

/** Returns the known parts of a place, the innermost first, such as `top_k` of `generation_config.top_k`. */
const partsOf = (place: unknown, known: readonly string[]): readonly string[] =>
  typeof place === 'string'
    ? place
        .split(/\W+/)
        .filter((part) => includes(known, part))
        .toReversed()
    : [];

/** Returns the first name that says more than an object around others; else the outermost of these. */
const telling = (names: readonly string[]): string | undefined =>
  names.find((name) => !includes(HOLDERS, name)) ?? names.at(-1);

const REFUSES =
  /unsupported|not support|unknown|unrecogni[sz]ed|unexpected|deprecated|not permitted|not allowed|invalid|extra|cannot|must|range/i;

/** A sentence names a place before a colon or with dots in it; if it refuses something, also in quotes or after a word for it. */
const placesIn = (sentence: unknown): readonly string[] => {
  if (typeof sentence !== 'string') return [];
  const text = sentence.slice(0, LONGEST_READ);
  const named = REFUSES.test(text)
    ? /["'`]([\w.]+)["'`]|(?:(?:parameters?|arguments?|fields?)(?: supplied)?:?|model:) (\w+)/gi
    : /$^/g;
  return [...text.matchAll(/^([\w.]+):|\b([a-z]\w*(?:\.\w+)+)/gi), ...text.matchAll(named)].map(
    (match) => match.slice(1).find((place) => place !== undefined) ?? '',
  );
};

const LONGEST_READ = 2000;
