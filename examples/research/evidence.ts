// What the experiments in this folder run on: recorded answers where a file of them is named, else a simulation.

import type { Model, NormalizerName } from 'crucible-ensemble';
import { type Question, recordedModel } from 'crucible-ensemble/experiment';
import { readDataset } from 'crucible-ensemble/node';
import { randomLcg, randomNormal } from 'd3-random';

/** Questions with the answers of models, and who these are, the best first. */
export interface Evidence {
  /** What the figures rest on, to be printed with them. */
  readonly basis: string;
  readonly dataset: readonly Question[];
  readonly models: readonly Model[];
  readonly normalization: NormalizerName;
}

/** A model of a simulation; latencies are log-normal. */
interface Simulated {
  readonly id: string;
  readonly accuracy: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly costUsd: number;
}

const large = { id: 'large', accuracy: 0.96, medianMs: 1600, p99Ms: 9000, costUsd: 0.012 };
const small = (index: number): Simulated => ({
  id: `small-${index}`,
  accuracy: 0.88,
  medianMs: 800,
  p99Ms: 8000,
  costUsd: 0.0002,
});

/**
 * One large and some small models on questions of four choices. `shared` is the share of a model's errors that it
 * makes where the others make theirs: 0 is what the theory of voting assumes, and what no real panel does.
 */
export const simulation = ({ questions = 1000, shared = 0, members = 7 } = {}): Evidence => {
  const models = [large, ...Array.from({ length: members }, (_, index) => small(index + 1))];
  const random = randomLcg(20261127);
  const gauss = randomNormal.source(random)();
  const dataset = Array.from({ length: questions }, (_, index): Question => {
    const difficulty = random();
    const right = Math.floor(4 * random());
    const trap = 1 + Math.floor(3 * random());
    const responses = models.map(({ id, accuracy, medianMs, p99Ms, costUsd }) => {
      const isShared = random() < shared;
      const isWrong = (isShared ? difficulty : random()) < 1 - accuracy;
      const slip = isWrong ? (isShared ? trap : 1 + Math.floor(3 * random())) : 0;
      const latencyMs = Math.round(medianMs * (p99Ms / medianMs) ** (gauss() / 2.326));
      return { model: id, text: String((right + slip) % 4), latencyMs, costUsd };
    });
    return { id: `q${index}`, question: `Question ${index}`, expected: right, responses };
  });
  const kind = shared === 0 ? 'independent errors' : `${100 * shared} % of the errors in common`;
  return {
    basis: `Simulated: one large and ${members} small models, ${questions} questions, ${kind}.`,
    dataset,
    models: models.map(({ id }) => recordedModel(id)),
    normalization: 'numeric',
  };
};

/** The recording that is named on the command line, with how its answers are read; `undefined` where none is. */
export const recording = async (): Promise<Evidence | undefined> => {
  const [, , path, normalization = 'numeric'] = process.argv;
  if (path === undefined || !/\.jsonl(\.gz)?$/.test(path)) return undefined;
  const dataset = await Array.fromAsync(readDataset(path));
  const ids = new Set(dataset.flatMap(({ responses = [] }) => responses.map(({ model }) => model)));
  return {
    basis: `Replayed: recorded answers of ${ids.size} real models to ${dataset.length} questions in ${path}.`,
    dataset,
    models: [...ids].map((id) => recordedModel(id)),
    normalization: normalization as NormalizerName,
  };
};
