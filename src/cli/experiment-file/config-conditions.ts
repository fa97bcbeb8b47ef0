import type { Model } from '../../domain/model.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { Conditions } from '../../experiment/condition.ts';
import { matrix } from '../../experiment/matrix.ts';
import { collectFaults, type OnFault } from '../ensemble-file/config-value.ts';
import type { FileModels } from '../ensemble-file/file-models.ts';
import { readMembers, readOption, readRecord } from '../ensemble-file/read-options.ts';
import { withTunedPanel } from '../ensemble-file/tuned-panel.ts';

/** The models of an experiment: those that its file lists, and those that its conditions describe. */
export interface ConditionModels {
  readonly listed: ReadonlyMap<string, Model>;
  readonly models: FileModels;
  /** The folder of the file. */
  readonly folder: string;
}

/**
 * Creates the conditions of a file: the named ones, and every combination of the lists of its `matrix`. The models and the
 * prompt of the file are those of each condition without its own.
 */
export const configConditions = (
  { conditions, matrix: choices, prompt }: Readonly<Record<string, unknown>>,
  { listed, models, folder }: ConditionModels,
  onFault: OnFault,
): Conditions => {
  const all = {
    ...(listed.size > 0 && { models: [...listed.values()] }),
    ...(prompt !== undefined && { prompt }),
  };
  const find = (at: string, member: unknown): Model | undefined => models.read(at, member, onFault);
  const readPanel = (place: string, value: unknown): unknown =>
    readMembers(place, value, (at, member) => {
      const found = typeof member === 'string' ? listed.get(member) : undefined;
      if (found !== undefined || typeof member !== 'string' || listed.size === 0)
        return found ?? find(at, member);
      onFault(place, `${quotedName(member)} is not listed in "models"`);
      return undefined;
    });
  const readModel = (at: string, member: unknown): Model | undefined =>
    (typeof member === 'string' ? listed.get(member) : undefined) ?? find(at, member);
  const readValue: ReadOption = (place, option, value) =>
    readOption(place, option, value, { readPanel, readModel, onFault });
  const readList: ReadOption = (place, option, values) =>
    Array.isArray(values)
      ? values.map((value, index) => readValue(`${place}[${index}]`, option, value))
      : values;
  if (conditions === undefined && choices === undefined) {
    onFault('conditions', 'expected at least one, such as { "all": {} }');
  }
  const named = readRecord(
    'conditions',
    conditions,
    { expected: 'options by name', onFault },
    (_, name, options) => {
      const place = `conditions[${quotedName(name)}]`;
      const read = { ...all, ...readRecord(place, options, { expected: 'options', onFault }, readValue) };
      return withTunedPanel(read, { place, folder, find, onFault });
    },
  );
  if (choices === undefined) return named as Conditions;
  const lists = readRecord(
    'matrix',
    choices,
    { expected: 'lists by the names of options', onFault },
    readList,
  );
  const reportOnce: OnFault = (place, fault) => onFault(place, fault.replace(/^matrix: /, ''));
  const combined = collectFaults(reportOnce, 'matrix', () =>
    matrix({
      ...Object.fromEntries(Object.entries(all).map(([option, value]) => [option, [value]])),
      ...lists,
    }),
  );
  return { ...named, ...combined } as Conditions;
};

type ReadOption = (place: string, name: string, value: unknown) => unknown;
