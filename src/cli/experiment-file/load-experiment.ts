import { dirname } from 'node:path';
import { ConfigError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { isIterable } from '../../domain/is-iterable.ts';
import { isObject } from '../../domain/is-object.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { Model } from '../../domain/model.ts';
import { plainName, shownPath } from '../../domain/quoting.ts';
import { conditionFaults, prepareConditions } from '../../experiment/condition.ts';
import { checkedDataset, labelsNeeded, refuseRow } from '../../experiment/dataset/checked-dataset.ts';
import { labelChecks } from '../../experiment/dataset/label-checks.ts';
import { type ExperimentPolicies, policySpecs } from '../../experiment/experiment-policies.ts';
import type { Dataset } from '../../experiment/question.ts';
import { type ExperimentOptions, runExperiment } from '../../experiment/run-experiment.ts';
import { exact } from '../../experiment/scorers/exact.ts';
import { toScorer } from '../../experiment/scorers/judge.ts';
import { type ReadDatasetOptions, readDataset } from '../../node/read-dataset.ts';
import { refuse, shown } from '../../options.ts';
import { printable } from '../../rendering/printable.ts';
import type { CommandContext } from '../cli-context.ts';
import { beside } from '../ensemble-file/beside.ts';
import { collectFaults, type OnFault, passFaults } from '../ensemble-file/config-value.ts';
import { fileModels } from '../ensemble-file/file-models.ts';
import { unknownField } from '../ensemble-file/load-ensemble.ts';
import { called, importFile } from '../ensemble-file/module-file.ts';
import { readObject } from '../ensemble-file/object-file.ts';
import { readOption } from '../ensemble-file/read-options.ts';
import { publishedPrices } from '../panel.ts';
import { withNominalPrices } from '../spending-limit.ts';
import { configConditions } from './config-conditions.ts';
import { configModels } from './config-models.ts';
import { configScorer } from './config-scorer.ts';
import type { FileJudge } from './file-judge.ts';
import { type DatasetSummary, scanDataset } from './scan-dataset.ts';

/** The experiment of a file, with its dataset scanned. */
export interface LoadedExperiment {
  readonly options: ExperimentOptions;
  /** The path of the journal, if the file names one. */
  readonly journalPath?: string;
  /** The path of the dataset, if it is a file. */
  readonly datasetPath?: string;
  /** The number of questions in the dataset. */
  readonly count: number;
  /** The models with recorded responses in the dataset. */
  readonly recordedIds: readonly string[];
  /** The judge of the file, which records its verdicts in the journal of the experiment. */
  readonly judge?: FileJudge | undefined;
}

interface LoadContext extends Pick<CommandContext, 'env' | 'signal' | 'errors'> {
  /** The budget of the command line, which comes before that of the file. */
  readonly budget?: ExperimentOptions['budget'];
}

/**
 * Loads the experiment of a file: JSON, YAML, or a module with a default export: an experiment, or a function that returns
 * one. Its paths are relative to the file.
 *
 * @throws {ConfigError} that lists every fault at once, each with its place in the file.
 */
export const loadExperiment = async (path: string, context: LoadContext): Promise<LoadedExperiment> =>
  /\.[cm]?[jt]s$/.test(path) ? loadModule(path, context) : loadFile(path, context);

/** The fields of a file with an experiment. */
export const experimentFields: readonly string[] = [
  '$schema',
  'dataset',
  'journal',
  'names',
  'models',
  'conditions',
  'matrix',
  'prompt',
  'scorer',
  'concurrency',
  'sample',
  'timeoutMs',
  ...Object.keys(policySpecs),
];

const loadFile = async (
  path: string,
  { env, signal, errors, budget }: LoadContext,
): Promise<LoadedExperiment> => {
  const file = await readObject(path, ', or a module, .ts or .js');
  const { faults, onFault } = faultsIn(path);
  for (const field of Object.keys(file)) {
    if (!experimentFields.includes(field)) onFault(plainName(field), unknownField(field, experimentFields));
  }
  const dataset = collectFaults(onFault, 'dataset', () => datasetOf(path, file.dataset, onFault));
  const prices = await publishedPrices();
  const models = fileModels({
    env,
    pricing: prices,
    names: file.names,
    onWarning: (warning) => errors.print(printable(warning)),
  });
  const policies = policiesOf(file, onFault);
  const { scorer, judge } = configScorer(file.scorer, {
    models,
    prices,
    budget: budget ?? policies.budget,
    onFault,
  });
  const summary = dataset && (await scanned(dataset, scorer, onFault, signal));
  const listed = haveOwnModels(file)
    ? new Map<string, Model>()
    : configModels(file.models, summary?.recordedIds ?? [], models, onFault);
  const conditions = configConditions(file, { listed, models, folder: dirname(path) }, onFault);
  checkJournal(file.journal, onFault);
  const { concurrency, sample, timeoutMs } = file as Partial<ExperimentOptions>;
  const pricing = models.pricing() ?? (policies.budget === undefined ? undefined : prices);
  const options = {
    dataset: dataset ?? [],
    conditions,
    ...given({
      pricing: policies.budget === undefined ? pricing : pricing && withNominalPrices(pricing),
      scorer,
      concurrency,
      sample,
      timeoutMs,
      ...policies,
    }),
  };
  // Without models, conditions cannot be checked; missing models or conditions have been reported above.
  if ((listed.size > 0 || haveOwnModels(file)) && Object.keys(conditions).length > 0) check(options, onFault);
  refuse(faults);
  await checkRows(options, summary as DatasetSummary, onFault);
  refuse(faults);
  return { ...loaded(path, options, summary as DatasetSummary, file), judge };
};

/** Reads the policies of a file, each as in the file of an ensemble. */
const policiesOf = (file: Readonly<Record<string, unknown>>, onFault: OnFault): ExperimentPolicies =>
  given(
    Object.fromEntries(
      Object.keys(policySpecs).map((name) => [
        name,
        readOption(name, name, file[name], {
          readPanel: (_, panel) => panel,
          readModel: () => undefined,
          onFault,
        }),
      ]),
    ),
  );

const loadModule = async (path: string, { signal }: LoadContext): Promise<LoadedExperiment> => {
  const { default: exported } = await importFile(path);
  const file: unknown =
    typeof exported === 'function' ? await called(path, exported as () => unknown) : exported;
  if (!isRecord(file)) {
    throw new ConfigError([
      `${shownPath(path)}: the default export must be an experiment, but got ${shown(file)}`,
    ]);
  }
  const { journal, dataset: source, ...options } = file;
  const { faults, onFault } = faultsIn(path);
  const dataset =
    typeof source === 'string' || source === undefined
      ? collectFaults(onFault, 'dataset', () => datasetOf(path, source, onFault))
      : (source as Dataset);
  if (dataset !== undefined && !isIterable(dataset)) {
    onFault('dataset', `expected questions, but got ${shown(dataset)}`);
  }
  if (isGenerator(dataset)) {
    onFault(
      'dataset',
      'a generator can be read only once; use an array or an object with [Symbol.asyncIterator]',
    );
  }
  checkJournal(journal, onFault);
  const experiment = { ...(options as unknown as ExperimentOptions), dataset: dataset as Dataset };
  check(experiment, onFault);
  refuse(faults);
  const summary = await scanned(dataset as Dataset, toScorer(options.scorer), onFault, signal);
  refuse(faults);
  await checkRows(experiment, summary as DatasetSummary, onFault);
  refuse(faults);
  return loaded(path, experiment, summary as DatasetSummary, { dataset: source, journal });
};

const faultsIn = (path: string): { readonly faults: readonly string[]; readonly onFault: OnFault } => {
  const faults: string[] = [];
  return { faults, onFault: (place, fault) => faults.push(`${shownPath(path)}: ${place}: ${fault}`) };
};

/** Whether each condition describes its models, so that the file lists none. */
const haveOwnModels = ({ models, conditions, matrix }: Readonly<Record<string, unknown>>): boolean =>
  models === undefined &&
  matrix === undefined &&
  isRecord(conditions) &&
  Object.values(conditions).every(
    (options) => isRecord(options) && ('models' in options || 'panel' in options),
  );

const checkJournal = (journal: unknown, onFault: OnFault): void => {
  if (journal !== undefined && typeof journal !== 'string') {
    onFault('journal', `expected a path, but got ${shown(journal)}`);
  }
};

/** Checks the options. Makes no calls, because an experiment runs only when it is iterated. */
const check = (options: ExperimentOptions, onFault: OnFault): void => {
  try {
    runExperiment(options);
  } catch (error) {
    passPlaced(error, 'options', onFault);
  }
};

/**
 * Checks that an answer of each condition can be right, up to the first row of which that is true; and that every row has the
 * fields of the prompts, and is not too large.
 */
const checkRows = async (
  { dataset, conditions, scorer }: ExperimentOptions,
  { largestBytes }: DatasetSummary,
  onFault: OnFault,
): Promise<void> => {
  const { ready } = prepareConditions(conditions, undefined);
  const scored = toScorer(scorer);
  const checks = labelChecks(ready, scored ?? exact());
  const rows = checkedDataset(dataset, labelsNeeded(scored), checks)[Symbol.asyncIterator]();
  await rows.next().catch((error) => passDatasetFaults(error, onFault));
  await rows.return?.();
  if (ready.every(({ prompt, maxRequestBytes }) => prompt === undefined && largestBytes <= maxRequestBytes))
    return;
  try {
    let index = 0;
    for await (const row of dataset) refuseRow(row, index++, (question) => conditionFaults(ready, question));
  } catch (error) {
    passDatasetFaults(error, onFault);
  }
};

const passDatasetFaults = (error: unknown, onFault: OnFault): undefined =>
  passPlaced(error, 'dataset', onFault);

/** Passes the faults of an experiment with the conditions to which they belong; those of no condition with `otherwise`. */
const passPlaced = (error: unknown, otherwise: string, onFault: OnFault): undefined =>
  passFaults(error, (fault) => {
    const [, place = otherwise, rest = fault] =
      /^(?:runExperiment: )?(condition "(?:[^"\\]|\\.)*"|sample): (.*)$/s.exec(fault) ?? [];
    onFault(place, rest.replace(/^(?:createEnsemble|runExperiment): /, ''));
  });

const loaded = (
  path: string,
  options: ExperimentOptions,
  { count, recordedIds }: DatasetSummary,
  { dataset, journal }: Readonly<Record<string, unknown>>,
): LoadedExperiment => {
  const file = isRecord(dataset) ? dataset.path : dataset;
  return {
    options,
    count,
    recordedIds,
    ...given({
      datasetPath: typeof file === 'string' ? beside(path, file) : undefined,
      journalPath: typeof journal === 'string' ? beside(path, journal) : undefined,
    }),
  };
};

const datasetOf = (path: string, source: unknown, onFault: OnFault): Dataset | undefined => {
  if (typeof source === 'string') return readDataset(beside(path, source));
  if (!isRecord(source) || typeof source.path !== 'string') {
    onFault('dataset', `expected a path, or { path, idField, … }, but got ${shown(source)}`);
    return undefined;
  }
  const { path: file, ...options } = source;
  return readDataset(beside(path, file as string), options as ReadDatasetOptions);
};

const scanned = (
  dataset: Dataset,
  scorer: unknown,
  onFault: OnFault,
  signal: AbortSignal,
): Promise<DatasetSummary | undefined> =>
  scanDataset(dataset, scorer, signal).catch((error) => passDatasetFaults(error, onFault));

const isGenerator = (value: unknown): boolean =>
  isObject(value) && 'next' in value && typeof value.next === 'function';
