import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  boolean,
  choice,
  createEnsemble,
  NoPredictionError,
  type Normalizer,
  numeric,
  type Prediction,
  type RecordedQuestion,
  replay,
} from '../../src/index.ts';

/** A recorded question with its right answer. */
interface LabelledQuestion extends RecordedQuestion {
  readonly id: string;
  readonly expected: string;
}

/** What independent scripts counted in a recording. */
interface Reference {
  readonly n: number;
  readonly single: Readonly<Record<string, number>>;
  readonly plurality: number;
}

/** A recording, how its answers are read, and what others counted in it. */
export interface Recording {
  readonly name: string;
  readonly normalization: Normalizer;
  readonly questions: readonly LabelledQuestion[];
  readonly reference: Reference;
}

const normalizations: Readonly<Record<string, Normalizer>> = {
  'gsm8k-zeroeval-8peers': numeric,
  'farel-8models': numeric,
  'mmlu-pro-9models-2k': choice(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']),
  'prime-llmdrift-4models': boolean,
};

const readLines = (file: string): LabelledQuestion[] =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LabelledQuestion);

/** The recordings in a folder; none where it is missing. */
export const recordings = (folder: string): Recording[] => {
  const file = join(folder, 'reference.json');
  if (!existsSync(file)) return [];
  const references = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Reference>;
  return Object.entries(normalizations).flatMap(([name, normalization]) => {
    const reference = references[name];
    return reference === undefined
      ? []
      : [{ name, normalization, reference, questions: readLines(join(folder, `${name}.jsonl.gz`)) }];
  });
};

/** What an ensemble of all models of a recording makes of it. */
export interface Evaluation {
  readonly questions: number;
  readonly models: readonly { readonly id: string; readonly correct: number }[];
  /** How often the majority is right. */
  readonly majority: number;
  /** Questions on which stopping at `decided` gives another answer than hearing everybody. */
  readonly differing: number;
  readonly calls: number;
  readonly callsSaved: number;
  /** What `sequential` makes of it: its calls, its right answers, and the answers that are those of all models. */
  readonly sequential: { readonly calls: number; readonly correct: number; readonly same: number };
}

const answerOf = (result: Prediction | NoPredictionError): string =>
  result instanceof NoPredictionError ? `${result.name}` : String(result.answer);

const spelled = (expected: string, normalization: Normalizer): string =>
  normalization === boolean
    ? String(expected === 'yes')
    : normalization === numeric
      ? String(Number(expected.replaceAll(',', '')))
      : expected;

/** Replays a recording: every model by itself, the majority of all, and the majority stopped at `decided`. */
export const evaluate = async ({ questions, normalization }: Recording): Promise<Evaluation> => {
  // One question may stand in a recording twice, with other answers: the id makes each a query of its own.
  const records = questions.map((record) => ({ ...record, question: `${record.id}\n${record.question}` }));
  const models = replay(records);
  const full = createEnsemble({ models, normalization, minResponses: 1 });
  const onError = (error: unknown): NoPredictionError => {
    if (error instanceof NoPredictionError) return error;
    throw error;
  };
  const queries = records.map(({ question }) => question);
  const everybody = await Array.fromAsync(full.predictAll(queries, { onError }));
  const decided = createEnsemble({ models, normalization, minResponses: 1, earlyStop: 'decided' });
  const stopped = await Array.fromAsync(decided.predictAll(queries, { onError }));

  const inTurn = createEnsemble({ models, normalization, execution: 'sequential' });
  const asked = await Array.fromAsync(inTurn.predictAll(queries, { onError }));

  const expectedAt = (index: number): string => spelled(questions[index]?.expected ?? '', normalization);
  const correct = new Map(models.map(({ id }) => [id, 0]));
  let majority = 0;
  for (const [index, result] of everybody.entries()) {
    const expected = expectedAt(index);
    if (answerOf(result) === expected) majority += 1;
    for (const outcome of result.outcomes) {
      if (outcome.status === 'answered' && outcome.key === expected) {
        correct.set(outcome.model, (correct.get(outcome.model) ?? 0) + 1);
      }
    }
  }
  const callsIn = (results: readonly (Prediction | NoPredictionError)[]): number =>
    results.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  return {
    questions: questions.length,
    models: Array.from(correct, ([id, count]) => ({ id, correct: count })),
    majority,
    differing: everybody.filter((result, index) => answerOf(result) !== answerOf(stopped[index] ?? result))
      .length,
    calls: callsIn(everybody),
    callsSaved: callsIn(everybody) - callsIn(stopped),
    sequential: {
      calls: callsIn(asked),
      correct: asked.filter((result, index) => answerOf(result) === expectedAt(index)).length,
      same: asked.filter((result, index) => answerOf(result) === answerOf(everybody[index] ?? result)).length,
    },
  };
};
