import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../domain/errors.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { fingerprintOf } from '../../experiment/journal/fingerprint.ts';
import type { Dataset } from '../../experiment/question.ts';
import { type ExperimentOptions, runExperiment } from '../../experiment/run-experiment.ts';
import { type ReadDatasetOptions, readDataset } from '../../node/read-dataset.ts';
import { refuse, shown } from '../../options.ts';
import { configConditions } from './config-conditions.ts';
import { configModels, type NameModels } from './config-models.ts';
import { configScorer } from './config-scorer.ts';
import { collectFaults, isRecord, type OnFault } from './config-value.ts';
import { type DatasetSummary, scanDataset } from './scan-dataset.ts';

/** An experiment as a file describes it, with its dataset looked through. */
export interface LoadedExperiment {
  readonly options: ExperimentOptions;
  /** The path of the journal, where the file names one. */
  readonly journalPath?: string;
  /** The path of the dataset, where it is a file. */
  readonly datasetPath?: string;
  /** How many questions the dataset has. */
  readonly count: number;
  /** What the journal is for. */
  readonly fingerprint: string;
}

/** What a file is loaded with. */
export interface LoadContext {
  readonly nameModels: NameModels;
  readonly pricing: () => Promise<Pricing>;
  readonly signal: AbortSignal;
}

/**
 * Reads the file of an experiment: JSON, or a module whose default export is an experiment, or a function that makes
 * one. Paths in it are relative to it.
 *
 * @throws {ConfigError} listing every fault at once, each with its place in the file.
 */
export const loadExperiment = async (path: string, context: LoadContext): Promise<LoadedExperiment> =>
  /\.[cm]?[jt]s$/.test(path) ? loadModule(path, context) : loadJson(path, context);

const fields = [
  'dataset',
  'journal',
  'models',
  'conditions',
  'matrix',
  'scorer',
  'concurrency',
  'sample',
  'timeoutMs',
];

const loadJson = async (
  path: string,
  { nameModels, pricing, signal }: LoadContext,
): Promise<LoadedExperiment> => {
  const file = await parsed(path);
  if (!isRecord(file)) throw new ConfigError([`${path}: expected an object, but got ${shown(file)}`]);
  const faults: string[] = [];
  const complain: OnFault = (where, fault) => faults.push(`${path}: ${where}: ${fault}`);
  for (const field of Object.keys(file)) {
    if (!fields.includes(field))
      complain(field, `there is no such field; the fields are ${fields.join(', ')}`);
  }
  const dataset = collectFaults(complain, 'dataset', () => datasetOf(path, file.dataset, complain));
  const survey = dataset && (await surveyed(dataset, complain, signal));
  const { byName, definitions } = configModels(file.models, survey?.recordedIds ?? [], nameModels, complain);
  const conditions = configConditions(file, byName, complain);
  const scorer = configScorer(file.scorer, complain);
  if (file.journal !== undefined && typeof file.journal !== 'string') {
    complain('journal', `expected a path, but got ${shown(file.journal)}`);
  }
  const { concurrency, sample, timeoutMs } = file as Partial<ExperimentOptions>;
  const hasNames = Array.isArray(file.models) && file.models.some((model) => typeof model === 'string');
  const options = {
    dataset: dataset ?? [],
    conditions,
    // The others say themselves what they cost.
    ...(hasNames && { pricing: await pricing() }),
    ...(scorer !== undefined && { scorer }),
    ...(concurrency !== undefined && { concurrency }),
    ...(sample !== undefined && { sample }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  // Without its models, nothing can be said about a condition; that there is none has been said.
  if (byName.size > 0 && Object.keys(conditions).length > 0) check(options, complain);
  refuse(faults);
  return loaded(path, options, survey as DatasetSummary, file, definitions);
};

const loadModule = async (path: string, { signal }: LoadContext): Promise<LoadedExperiment> => {
  const { default: exported } = await imported(path);
  const made: unknown = typeof exported === 'function' ? await exported() : exported;
  if (!isRecord(made)) {
    throw new ConfigError([`${path}: the default export must be an experiment, but got ${shown(made)}`]);
  }
  const { journal, ...options } = made;
  const faults: string[] = [];
  const complain: OnFault = (where, fault) => faults.push(`${path}: ${where}: ${fault}`);
  const given = options.dataset;
  const dataset =
    typeof given === 'string' || given === undefined
      ? collectFaults(complain, 'dataset', () => datasetOf(path, given, complain))
      : (given as Dataset);
  if (dataset !== undefined && !isIterable(dataset))
    complain('dataset', `expected questions, but got ${shown(dataset)}`);
  if (isGenerator(dataset)) {
    complain('dataset', 'it can be read only once; give an array, or an object with [Symbol.asyncIterator]');
  }
  if (journal !== undefined && typeof journal !== 'string') complain('journal', 'expected a path');
  const experiment = { ...(options as unknown as ExperimentOptions), dataset: dataset as Dataset };
  check(experiment, complain);
  refuse(faults);
  const survey = await surveyed(dataset as Dataset, complain, signal);
  refuse(faults);
  return loaded(path, experiment, survey as DatasetSummary, { dataset: given, journal }, []);
};

/** Runs nothing: an experiment says what is wrong with it before its iteration begins. */
const check = (options: ExperimentOptions, complain: OnFault): void => {
  try {
    runExperiment(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) {
      const [, where = 'options', what = fault] =
        /^(?:runExperiment: )?(condition "(?:[^"\\]|\\.)*"|sample): (.*)$/s.exec(fault) ?? [];
      complain(where, what.replace(/^(?:createEnsemble|runExperiment): /, ''));
    }
  }
};

const loaded = async (
  path: string,
  options: ExperimentOptions,
  { count, fingerprint }: DatasetSummary,
  { dataset, journal }: Readonly<Record<string, unknown>>,
  definitions: readonly unknown[],
): Promise<LoadedExperiment> => {
  // Models by name are told apart by the keys of their calls; those that the file defines are not.
  const file = isRecord(dataset) ? dataset.path : dataset;
  const defined = definitions.length === 0 ? '' : ` ${await fingerprintOf({ models: definitions })}`;
  return {
    options,
    count,
    fingerprint: fingerprint + defined,
    ...(typeof file === 'string' && { datasetPath: beside(path, file) }),
    ...(typeof journal === 'string' && { journalPath: beside(path, journal) }),
  };
};

const parsed = async (path: string): Promise<unknown> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError([`${path}: this is not JSON`]);
  }
};

const imported = async (path: string): Promise<{ readonly default?: unknown }> => {
  try {
    await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  return import(pathToFileURL(resolve(path)).href);
};

const unreadable = (path: string, error: unknown): ConfigError => {
  const { code } = error as NodeJS.ErrnoException;
  return new ConfigError([
    `${path}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`,
  ]);
};

const datasetOf = (path: string, given: unknown, complain: OnFault): Dataset | undefined => {
  if (typeof given === 'string') return readDataset(beside(path, given));
  if (!isRecord(given) || typeof given.path !== 'string') {
    complain('dataset', `expected a path, or { path, idField, … }, but got ${shown(given)}`);
    return undefined;
  }
  const { path: file, ...options } = given;
  return readDataset(beside(path, file as string), options as ReadDatasetOptions);
};

const surveyed = async (
  dataset: Dataset,
  complain: OnFault,
  signal: AbortSignal,
): Promise<DatasetSummary | undefined> => {
  try {
    return await scanDataset(dataset, signal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) complain('dataset', fault);
    return undefined;
  }
};

const beside = (path: string, other: string): string =>
  isAbsolute(other) ? other : join(dirname(path), other);

const isIterable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

const isGenerator = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
