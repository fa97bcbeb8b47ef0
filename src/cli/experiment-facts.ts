import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { asyncScheduler } from 'rxjs';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { version } from '../domain/version.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { isSimulated } from '../models/simulated.ts';
import { counted } from '../rendering/amounts.ts';
import type { LoadedExperiment } from './experiment-file/load-experiment.ts';
import { type Speed, speedLine } from './speed.ts';

/** The longest description of a model's settings or of a condition, in characters. */
const MAX_LENGTH = 300;

/** Returns the facts that a report of an experiment states: what was compared, on which questions, when, and with which version. */
export const experimentFacts = async (
  { options, datasetPath, journalPath, count }: LoadedExperiment,
  { startedAtMs, speed }: { readonly startedAtMs: number; readonly speed: Speed },
  onMiss: 'call' | 'error',
): Promise<Readonly<Record<string, string>>> => {
  const { conditions, sample, scorer, timeoutMs = 120_000 } = options;
  const models = new Map(Object.values(conditions).flatMap(modelsIn));
  const asked = Math.min(sample?.size ?? count, count);
  return {
    ...Object.fromEntries(
      Object.entries(conditions).map(([name, condition]) => [
        `condition ${name}`,
        describedCondition(condition),
      ]),
    ),
    models: [...models.values()].map(describedModel).join('; '),
    dataset:
      datasetPath === undefined ? 'of a module' : `${basename(datasetPath)}, ${await digestOf(datasetPath)}`,
    questions:
      asked === count
        ? `all ${counted(count, 'question')}`
        : `a random sample of ${asked} of ${counted(count, 'question')}, seed ${sample?.seed ?? 0}`,
    scorer: scorer === undefined ? 'exact' : typeof scorer === 'string' ? scorer : 'as in the experiment',
    'time limit of a call': `${timeoutMs / 1000} s`,
    calls: `${onMiss === 'error' ? 'replayed from' : 'recorded in'} ${journalPath === undefined ? 'no journal' : basename(journalPath)}`,
    run: `${isoTime(startedAtMs)} to ${isoTime(asyncScheduler.now())}`,
    speed: `${speedLine(speed)}, ${options.concurrency ?? 10} at a time; a fact of this machine and its network, not of a condition`,
    version: `crucible-ensemble ${version}, Node ${process.versions.node}`,
  };
};

const isoTime = (timeMs: number): string => new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');

const modelsIn = ({ models }: EnsembleOptions): (readonly [string, Model])[] =>
  typeof models === 'function' ? [] : models.map((model) => [model.id, model] as const);

const describedModel = (model: Model): string => {
  const { id, provider, modelId, settings } = model;
  const details = [
    ...(isSimulated(model) ? ['simulated'] : []),
    ...(provider === undefined || id.startsWith(`${provider}/`) ? [] : [provider]),
    ...(modelId === undefined || id.endsWith(modelId) ? [] : [modelId]),
    ...(settings === undefined ? [] : [JSON.stringify(settings).slice(0, MAX_LENGTH)]),
  ];
  return details.length === 0 ? id : `${id} (${details.join(', ')})`;
};

/** Describes the options of a condition: its models by id, everything else by name. */
const describedCondition = ({ models, ...others }: EnsembleOptions): string =>
  [
    `models: ${typeof models === 'function' ? 'chosen by the question' : models.map(({ id }) => id).join(', ')}`,
    ...Object.entries(others).map(([option, value]) => `${option}: ${nameOf(value)}`),
  ]
    .join('; ')
    .slice(0, MAX_LENGTH);

const nameOf = (value: unknown): string => {
  const name: unknown = Reflect.get(Object(value), 'name');
  if (typeof name === 'string' && name !== '') return name;
  return isObject(value) ? 'custom' : String(value);
};

/** Returns the SHA-256 of a file, abbreviated, to see that two reports are about the same questions. */
const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return `SHA-256 ${hash.digest('hex').slice(0, 16)}…`;
  } catch {
    return 'which can no longer be read';
  }
};
