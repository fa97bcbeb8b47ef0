import { map } from 'rxjs';
import {
  createEnsemble,
  type DecideFunction,
  defineModel,
  type Ensemble,
  type EnsembleOptions,
  type GroupFunction,
  type Prediction,
} from '../src/index.ts';

/** Answers with the same first letter say the same. */
export const byInitial: GroupFunction = (votes) => [
  ...Map.groupBy(votes, ({ response }) => response.text.trim()[0]?.toLowerCase()).values(),
];

/** A model that says the same every time, for $0.10. */
export const saying = (id: string, text: string) => defineModel(id, () => ({ text, costUsd: 0.1 }));

/** Asks a model named "judge", for $1.00, and chooses the answer that it names. */
const judged =
  (verdict: string, judge = defineModel('judge', () => ({ text: verdict, costUsd: 1 }))): DecideFunction =>
  (_tally, { call }) =>
    call(judge, 'Which?', { role: 'judge' }).pipe(
      map((outcome) => ({
        key: outcome.status === 'answered' ? String(outcome.answer) : '',
        reason: 'it is green',
      })),
    );

/** Three members of which two say the same in different words; with `banana`, "a" is the judge as well. */
export const grouped = (options: Partial<EnsembleOptions> = {}): Ensemble =>
  createEnsemble({
    models: [saying('a', 'avocado'), saying('b', 'banana'), saying('c', 'an apple')],
    grouping: byInitial,
    ...options,
  } as EnsembleOptions) as Ensemble;

export const groupedPrediction = async (options?: Partial<EnsembleOptions>): Promise<Prediction> =>
  grouped(options).predict('What is green?');

export const banana = (): DecideFunction =>
  judged(
    'banana',
    defineModel('a', () => ({ text: 'banana', costUsd: 1 })),
  );
