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

const specs = {
  model: required(nonEmpty),
  text: required(ofType('string')),
  toolCalls: suchThat('an array of { toolName, input }', isArray),
  tokensOut: amount,
  latencyMs: delayMs,
  costUsd: amount,
} satisfies Partial<Specs<RecordedResponse>>;

/** Returns the faults of the recorded responses of a question. Other fields are ignored, and no value is quoted. */
export const responsesFaults = (responses: unknown): readonly string[] =>
  Array.isArray(responses) ? responses.flatMap(responseFaults) : ['responses must be an array'];

const responseFaults = (response: unknown, index: number): readonly string[] => {
  const owner = `responses[${index}]`;
  if (!isObject(response)) return [`${owner} must be { model, text }`];
  const known = Object.fromEntries(Object.keys(specs).map((name) => [name, Reflect.get(response, name)]));
  return faultsOf(owner, known, specs).map((fault) =>
    fault.replace(/: option "(\w+)"/, '.$1').replace(/, but got .*$/s, ''),
  );
};
