import { dirname } from 'node:path';
import { closest } from '../../domain/closest.ts';
import { ConfigError } from '../../domain/errors.ts';
import type { Model } from '../../domain/model.ts';
import { plainName, shownPath } from '../../domain/quoting.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { ensembleSpecs } from '../../engine/option-checks.ts';
import { shown } from '../../options.ts';
import type { OnFault } from './config-value.ts';
import { type FileModelOptions, type FileModels, fileModels } from './file-models.ts';
import { readObject } from './object-file.ts';
import { readMembers, readOption } from './read-options.ts';
import { withTunedPanel } from './tuned-panel.ts';

/** The ensemble of a file, as far as it says. */
export interface LoadedEnsemble {
  readonly options: Partial<EnsembleOptions>;
  readonly models: FileModels;
}

/** Options that are functions, which JSON cannot say. */
const codeOnly: ReadonlySet<string> = new Set(['pricing', 'check']);

/** The fields of a file: the options of an ensemble that JSON can say, and names. Prices are those of models. */
export const ensembleFields: readonly string[] = [
  '$schema',
  'names',
  ...Object.keys(ensembleSpecs).filter((option) => !codeOnly.has(option)),
  'panel',
];

/**
 * Loads the ensemble of a JSON or YAML file.
 *
 * @throws {ConfigError} that lists every fault at once, each with its place in the file. Those of the options together are
 *   found when an ensemble is made of them.
 */
export const loadEnsemble = async (
  path: string,
  models: Omit<FileModelOptions, 'names'>,
): Promise<LoadedEnsemble> => {
  const file = await readObject(path);
  const faults: string[] = [];
  const onFault: OnFault = (place, fault) => faults.push(`${shownPath(path)}: ${place}: ${fault}`);
  const made = fileModels({ ...models, names: file.names });
  const options = readEnsemble(file, { place: '', folder: dirname(path), models: made, onFault });
  if (faults.length > 0) throw new ConfigError(faults);
  return { options, models: made };
};

/** Where an ensemble stands in a file, and what its models are made with. */
export interface EnsemblePlace {
  /** The place of the object; empty if it is the whole file. */
  readonly place: string;
  /** The folder of the file, from which paths lead. */
  readonly folder: string;
  readonly models: FileModels;
  readonly onFault: OnFault;
}

/** Reads the options of the ensemble that an object of a file describes. */
export const readEnsemble = (
  object: Readonly<Record<string, unknown>>,
  { place, folder, models, onFault }: EnsemblePlace,
): Partial<EnsembleOptions> => {
  const at = (field: string): string => (place === '' ? field : `${place}.${field}`);
  const readModel = (where: string, member: unknown): Model | undefined =>
    models.read(where, member, onFault);
  const readPanel = (where: string, value: unknown): unknown => {
    if (!Array.isArray(value)) onFault(where, `expected a list of models, but got ${shown(value)}`);
    return readMembers(where, value, readModel);
  };
  const options: [string, unknown][] = [];
  for (const [field, value] of Object.entries(object)) {
    if (!ensembleFields.includes(field)) onFault(at(plainName(field)), unknownField(field, ensembleFields));
    else if (field !== '$schema' && field !== 'names')
      options.push([field, readOption(at(field), field, value, { readPanel, readModel, onFault })]);
  }
  const source = { place, folder, find: readModel, onFault };
  return withTunedPanel(Object.fromEntries(options), source) as Partial<EnsembleOptions>;
};

/** The fault of a field that a file does not have. */
export const unknownField = (field: string, fields: readonly string[]): string => {
  const meant = closest(field, fields);
  return meant === undefined
    ? `there is no such field; the fields are ${fields.join(', ')}`
    : `there is no such field; did you mean "${meant}"?`;
};
