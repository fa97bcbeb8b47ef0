import type { ModelError } from '../domain/errors.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import { quotedName } from '../domain/quoting.ts';
import { errorParts } from './error-parts.ts';
import { bodyOf, withHint } from './http-error.ts';

type Setting = keyof QuerySettings;

/** The settings of a query, and what providers call them. */
const SETTINGS: Readonly<Record<Setting, readonly string[]>> = {
  maxOutputTokens: ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens'],
  temperature: ['temperature'],
  topP: ['top_p', 'topP'],
  topK: ['top_k', 'topK'],
  presencePenalty: ['presence_penalty', 'presencePenalty'],
  frequencyPenalty: ['frequency_penalty', 'frequencyPenalty'],
  stopSequences: ['stop', 'stop_sequences', 'stopSequences'],
  seed: ['seed', 'random_seed'],
  reasoningEffort: ['reasoning_effort', 'reasoning', 'effort', 'output_config', 'thinking', 'thinkingConfig'],
};

/** What else a request may have. */
const OTHERS = [
  ...['response_format', 'tools', 'tool_choice', 'logprobs', 'stream_options', 'messages', 'input', 'text'],
  ...['contents', 'toolConfig', 'generationConfig', 'responseJsonSchema', 'include', 'store', 'system'],
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
  const setting = (Object.keys(SETTINGS) as Setting[]).find((name) => SETTINGS[name].includes(refused));
  if (setting !== undefined && settings[setting] !== undefined)
    return `, which is the setting "${setting}" of the query: leave it out, or change it`;
  if (parameters.includes(refused)) return ` of the option "parameters": leave it out, or change it`;
  const option = [setting, refused].find((name) => name !== undefined && options[name] !== undefined);
  return option === undefined
    ? ''
    : `, which is the option "${option}" of the model: leave it out, or change it`;
};

/** Returns the known name in a body: in a field for it, in the place of a validation error, or in quotes in a sentence. */
const parameterIn = (body: unknown, known: readonly string[]): string | undefined => {
  const { objects, texts } = errorParts(body);
  const fields = objects.flatMap(({ param, parameter, loc, field }) => [param, parameter, field, loc].flat());
  // `messages[1].content`, `body.seed`.
  const words = fields.flatMap((field) => (typeof field === 'string' ? field.split(/[.[\]/]/) : []));
  const sentences = [
    ...objects.flatMap(({ message, msg, detail }) => [message, msg, detail]),
    ...texts,
  ].filter((text): text is string => typeof text === 'string' && REFUSES.test(text));
  return (
    words.find((word) => known.includes(word)) ?? sentences.map((text) => named(text, known)).find(Boolean)
  );
};

const REFUSES =
  /unsupported|not supported|unknown|unrecogni[sz]ed|unexpected|deprecated|not permitted|not allowed|invalid|extra|cannot|must|range/i;

/** A sentence names a parameter in quotes, before a colon, or after the word. */
const named = (sentence: string, known: readonly string[]): string | undefined =>
  [
    ...sentence
      .slice(0, LONGEST_READ)
      .matchAll(
        /["'`](\w+)["'`]|^([\w.]+):|(?:(?:parameters?|arguments?|fields?)(?: supplied)?:?|model:) (\w+)/gi,
      ),
  ]
    .flatMap(([, quoted = '', first = '', after = '']) => [quoted, ...first.split('.'), after])
    .find((word) => known.includes(word));

const LONGEST_READ = 2000;
