import { isArray } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import type { RecordedResponse } from '../../models/replay.ts';
import {
  between,
  delayMs,
  faultsOf,
  nonEmpty,
  ofType,
  required,
  type Specs,
  suchThat,
} from '../../options.ts';

const amount = between(0, Number.MAX_VALUE);

const needed = { model: nonEmpty, text: ofType('string') };
const optional = {
  toolCalls: suchThat('an array of { toolName, input }', isArray),
  tokensOut: amount,
  latencyMs: delayMs,
  costUsd: amount,
};
const specs = {
  model: required(needed.model),
  text: required(needed.text),
  ...optional,
} satisfies Partial<Specs<RecordedResponse>>;

const neededChecks = Object.entries(needed);
const optionalChecks = Object.entries(optional);

const NO_FAULTS: readonly string[] = [];

/** Returns the faults of the recorded responses of a question. Other fields are ignored, and no value is quoted. */
export const responsesFaults = (responses: unknown): readonly string[] =>
  Array.isArray(responses) ? responses.flatMap(responseFaults) : ['responses must be an array'];

/** Whether a response has no fault, as nearly all have none: that takes a fortieth of what looking for each takes (measured). */
const isFaultless = (response: object): boolean => {
  try {
    return (
      neededChecks.every(([name, check]) => check(Reflect.get(response, name)) === undefined) &&
      optionalChecks.every(([name, check]) => {
        const value: unknown = Reflect.get(response, name);
        return value === undefined || check(value) === undefined;
      })
    );
  } catch {
    return false;
  }
};

const responseFaults = (response: unknown, index: number): readonly string[] => {
  if (isObject(response) && isFaultless(response)) return NO_FAULTS;
  const owner = `responses[${index}]`;
  if (!isObject(response)) return [`${owner} must be { model, text }`];
  const known = Object.fromEntries(Object.keys(specs).map((name) => [name, Reflect.get(response, name)]));
  return faultsOf(owner, known, specs).map((fault) =>
    fault.replace(/: option "(\w+)"/, '.$1').replace(/, but got .*$/s, ''),
  );
};
