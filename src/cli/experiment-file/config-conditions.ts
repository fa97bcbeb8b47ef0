import type { Model } from '../../domain/model.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { Conditions } from '../../experiment/condition.ts';
import { matrix } from '../../experiment/matrix.ts';
import { choice } from '../../normalizers/choice.ts';
import { shown } from '../../options.ts';
import { cascade } from '../../strategies/execution/cascade.ts';
import { hedged } from '../../strategies/execution/hedged.ts';
import { parallel } from '../../strategies/execution/parallel.ts';
import { sequential } from '../../strategies/execution/sequential.ts';
import { adaptive } from '../../strategies/stopping/adaptive.ts';
import { confident } from '../../strategies/stopping/confident.ts';
import { bestConfidence } from '../../strategies/voting/best-confidence.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { unanimous } from '../../strategies/voting/unanimous.ts';
import { weighted } from '../../strategies/voting/weighted.ts';
import {
  collectFaults,
  construct,
  type Factory,
  isRecord,
  type OnFault,
  withoutOptions,
} from './config-value.ts';

/** The factories of each option of a condition. */
const factories: Readonly<Record<string, Readonly<Record<string, Factory<unknown>>>>> = {
  execution: { parallel: withoutOptions(parallel), sequential, hedged, cascade },
  strategy: {
    majority: withoutOptions(majority),
    weighted,
    bestConfidence: withoutOptions(bestConfidence),
    unanimous,
  },
  normalization: { choice },
  earlyStop: { adaptive, confident },
};

/** Creates the conditions of a file: the named ones, and every combination of the lists of its `matrix`. */
export const configConditions = (
  { conditions, matrix: choices }: Readonly<Record<string, unknown>>,
  models: ReadonlyMap<string, Model>,
  onFault: OnFault,
): Conditions => {
  const all = [...models.values()];
  const readValue: ReadOption = (place, option, value) => optionValue(place, option, value, models, onFault);
  const readList: ReadOption = (place, option, values) =>
    Array.isArray(values)
      ? values.map((value, index) => readValue(`${place}[${index}]`, option, value))
      : values;
  if (conditions === undefined && choices === undefined) {
    onFault('conditions', 'expected at least one, such as { "all": {} }');
  }
  const named = readRecord('conditions', conditions, 'options by name', onFault, (_, name, options) => ({
    models: all,
    ...readRecord(`conditions[${quotedName(name)}]`, options, 'options', onFault, readValue),
  }));
  if (choices === undefined) return named as Conditions;
  const lists = readRecord('matrix', choices, 'lists by the names of options', onFault, readList);
  const reportOnce: OnFault = (place, fault) => onFault(place, fault.replace(/^matrix: /, ''));
  const combined = collectFaults(reportOnce, 'matrix', () => matrix({ models: [all], ...lists }));
  return { ...named, ...combined } as Conditions;
};

type ReadOption = (place: string, name: string, value: unknown) => unknown;

/** Reads the values of a record, if there is one, with `read`. Anything else is a fault. */
const readRecord = (
  place: string,
  record: unknown,
  expected: string,
  onFault: OnFault,
  read: ReadOption,
): Readonly<Record<string, unknown>> => {
  if (record === undefined) return {};
  if (!isRecord(record)) {
    onFault(place, `expected ${expected}, but got ${shown(record)}`);
    return {};
  }
  const entries = Object.entries(record).map(([name, value]) => [
    name,
    read(`${place}.${name}`, name, value),
  ]);
  return Object.fromEntries(entries);
};

const optionValue = (
  place: string,
  option: string,
  value: unknown,
  models: ReadonlyMap<string, Model>,
  onFault: OnFault,
): unknown => {
  if (option === 'models' && Array.isArray(value)) {
    return value.flatMap((name) => {
      const model = models.get(name);
      if (model === undefined) onFault(place, `${quotedName(name)} is not listed in "models"`);
      return model ?? [];
    });
  }
  return Object.hasOwn(factories, option) ? construct(onFault, place, value, factories[option] ?? {}) : value;
};
