import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a response, or of an event of a stream. */
const FIELDS = ['candidates', 'promptFeedback', 'usageMetadata', 'responseId', 'modelVersion'];

/** Whether a value has a field of a response. */
export const isContent = (value: unknown): boolean =>
  FIELDS.some((name) => (asObject(value)[name] ?? null) !== null);

/** Whether the candidates of a response are candidates, and their contents may have parts. Absent ones do no harm. */
export const hasCandidates = (value: unknown): boolean =>
  [asObject(value).candidates]
    .flat()
    .every(
      (candidate) =>
        (candidate ?? null) === null ||
        (isObject(candidate) && !Array.isArray(candidate) && mayHaveParts(asObject(candidate).content)),
    );

const mayHaveParts = (content: unknown): boolean =>
  (content ?? null) === null || isObject(content) || typeof content === 'string';

export const notAnAnswer = (model: string): MalformedResponseError =>
  new MalformedResponseError(model, 'the response has a candidate that is not one', { isRetryable: true });

/** Returns the response, or the responses of an array: Google also writes a stream as an array. In camel case. */
export const contentsIn = (value: unknown): readonly unknown[] => [value].flat().map(inCamelCase);

/** Returns the candidates of a response. Some servers send one without an array. */
export const candidatesOf = (candidates: unknown): readonly Fields[] =>
  isObject(candidates) ? [candidates].flat().map(asObject) : [];

/**
 * Returns the parts of a candidate's content; `undefined` without any. Some servers send one part, or its text, without an
 * array or without the object around it.
 */
export const partsOf = (content: unknown): readonly unknown[] | undefined => {
  if (typeof content === 'string') return [content];
  if (Array.isArray(content))
    return content.flatMap((part) => (asObject(part).parts ? partsOf(part) : [part]));
  const { parts, text } = asObject(content);
  const found = parts ?? text ?? undefined;
  return found === undefined ? undefined : [found].flat();
};

/** Returns a response with the names of Google's REST API. Some servers write them as the protocol buffers do. */
const inCamelCase = (content: unknown): unknown => {
  if (!isObject(content)) return content;
  const named = withCamelCase(content);
  const { candidates, usageMetadata, promptFeedback } = asObject(named);
  const list = candidatesOf(candidates);
  const inner = {
    candidates: list.map(withCamelCase),
    usageMetadata: withCamelCase(usageMetadata),
    promptFeedback: withCamelCase(promptFeedback),
  };
  const isSame =
    inner.usageMetadata === usageMetadata &&
    inner.promptFeedback === promptFeedback &&
    inner.candidates.every((candidate, index) => candidate === list[index]);
  return isSame ? named : { ...asObject(named), ...inner };
};

/** Returns the same value if no name has an underscore. A name in camel case goes before. */
const withCamelCase = (value: unknown): unknown => {
  const fields = asObject(value);
  const names = Object.keys(fields).filter((name) => name.includes('_'));
  if (names.length === 0) return value;
  const renamed = names.map((name) => [
    name.replace(/_+([a-z])/g, (_, letter) => letter.toUpperCase()),
    fields[name],
  ]);
  return { ...Object.fromEntries(renamed), ...fields };
};
