import { EMPTY } from 'rxjs';
import { isRecord } from '../../domain/is-record.ts';
import type { Model } from '../../domain/model.ts';
import { shown } from '../../options.ts';
import { collectFaults, construct, type OnFault } from './config-value.ts';
import { factories, fileBudget, fileNames } from './factories.ts';
import { type LastStepContext, lastSteps, readLastStep } from './last-steps.ts';

/** Makes the models of a panel in a file. */
export type ReadPanel = (place: string, value: unknown) => unknown;

/** What reading an option needs. */
export interface OptionContext extends LastStepContext {
  readonly readPanel: ReadPanel;
}

/** Reads one option of an ensemble, as a file has it. Functions are named: `"numeric"`, `{ "hedged": { … } }`. */
export const readOption = (
  place: string,
  option: string,
  value: unknown,
  { readPanel, readModel, onFault }: OptionContext,
): unknown => {
  if (option === 'models') return readPanel(place, value);
  if (option === 'budget') return collectFaults(onFault, place, () => fileBudget(value));
  const named =
    typeof value === 'string' && Object.hasOwn(fileNames, option) ? fileNames[option]?.[value] : undefined;
  if (named !== undefined) return named();
  if (Object.hasOwn(lastSteps, option)) return readLastStep(place, option, value, { readModel, onFault });
  return Object.hasOwn(factories, option) ? construct(onFault, place, value, factories[option] ?? {}) : value;
};

/** Reads the values of a record, if there is one, with `read`. Anything else is a fault. */
export const readRecord = (
  place: string,
  record: unknown,
  { expected, onFault }: { readonly expected: string; readonly onFault: OnFault },
  read: (place: string, name: string, value: unknown) => unknown,
): Readonly<Record<string, unknown>> => {
  if (record === undefined) return {};
  if (!isRecord(record)) {
    onFault(place, `expected ${expected}, but got ${shown(record)}`);
    return {};
  }
  const entries = Object.entries(record).map(([name, value]) => [
    name,
    read(place === '' ? name : `${place}.${name}`, name, value),
  ]);
  return Object.fromEntries(entries);
};

/** Makes the models of a list of members. A member with faults is a placeholder, so that the rest can still be checked. */
export const readMembers = (
  place: string,
  value: unknown,
  read: (place: string, member: unknown) => Model | undefined,
): unknown =>
  Array.isArray(value)
    ? value.map((member, index) => {
        const at = `${place}[${index}]`;
        return read(at, member) ?? { id: at, call: () => EMPTY };
      })
    : value;
