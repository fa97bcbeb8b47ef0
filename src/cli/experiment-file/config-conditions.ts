import type { Model } from '../../domain/model.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import type { Conditions } from '../../experiment/condition.ts';
import { type Choices, matrix } from '../../experiment/matrix.ts';
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
    unanimous: withoutOptions(unanimous),
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
  const entries: [string, EnsembleOptions][] = [];
  if (conditions !== undefined && !isRecord(conditions)) {
    onFault('conditions', `expected options by name, but got ${shown(conditions)}`);
  } else {
    for (const [name, options] of Object.entries(conditions ?? {})) {
      entries.push([name, conditionOf(`conditions[${shown(name)}]`, options, models, onFault)]);
    }
  }
  if (choices !== undefined) {
    const reportOnce: OnFault = (place, fault) => onFault(place, fault.replace(/^matrix: /, ''));
    const combined = collectFaults(reportOnce, 'matrix', () => matrix(choicesOf(choices, models, onFault)));
    entries.push(...Object.entries(combined ?? {}));
  }
  if (conditions === undefined && choices === undefined)
    onFault('conditions', 'expected at least one, such as { "all": {} }');
  return Object.fromEntries(entries);
};

const conditionOf = (
  place: string,
  options: unknown,
  models: ReadonlyMap<string, Model>,
  onFault: OnFault,
): EnsembleOptions => {
  if (!isRecord(options)) {
    onFault(place, `expected options, but got ${shown(options)}`);
    return { models: [...models.values()] };
  }
  const read = Object.entries(options).map(([option, value]) => [
    option,
    optionValue(`${place}.${option}`, option, value, models, onFault),
  ]);
  return { models: [...models.values()], ...(Object.fromEntries(read) as Partial<EnsembleOptions>) };
};

const choicesOf = (choices: unknown, models: ReadonlyMap<string, Model>, onFault: OnFault): Choices => {
  if (!isRecord(choices)) {
    onFault('matrix', `expected lists by the names of options, but got ${shown(choices)}`);
    return { models: [[...models.values()]] };
  }
  const read = Object.entries(choices).map(([option, values]) => [
    option,
    Array.isArray(values)
      ? values.map((value, index) =>
          optionValue(`matrix.${option}[${index}]`, option, value, models, onFault),
        )
      : values,
  ]);
  return { models: [[...models.values()]], ...(Object.fromEntries(read) as Choices) };
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
      if (model === undefined) onFault(place, `${shown(name)} is not listed in "models"`);
      return model ?? [];
    });
  }
  return Object.hasOwn(factories, option) ? construct(onFault, place, value, factories[option] ?? {}) : value;
};
