import { timer } from 'rxjs';
import { map } from 'rxjs/operators';
import { TestScheduler } from 'rxjs/testing';
import {
  createEnsemble,
  type EnsembleOptions,
  type Model,
  type NoPredictionError,
  type Outcome,
  replay,
} from '../../src/index.ts';
import type { Recording } from './evaluate.ts';

/** The default time limit of an attempt, which the tests pin, in milliseconds. */
const DEFAULT_MS = 60_000;

/** What became of calls whose answers took as long as recorded. */
export interface Kept {
  readonly timeoutMs: number | undefined;
  readonly questions: number;
  /** Questions without a prediction. */
  readonly unanswered: number;
  readonly calls: number;
  /** Calls that timed out. */
  readonly lost: number;
  /** Calls that timed out, and whose recorded answer came within the default time limit. */
  readonly lostInTime: number;
}

/** The answers of many queries at once to one ensemble. */
export interface AtOnce {
  readonly asked: number;
  readonly answered: number;
  /** When the last one ended, in milliseconds. */
  readonly tookMs: number;
}

/** Runs a piece of work in virtual time: what takes hours takes a moment. */
const inVirtualTime = <Result>(work: (scheduler: TestScheduler) => Result): Result => {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(({ flush }) => {
    const result = work(scheduler);
    flush();
    return result;
  });
};

/** Asks every question of a recording with the default options, and with another time limit if one is given. */
export const keptOf = ({ questions, normalization }: Recording, timeoutMs?: number): Kept => {
  const records = questions.map((record) => ({ ...record, question: `${record.id}\n${record.question}` }));
  const latencies = new Map(
    records.flatMap(({ question, responses }) =>
      responses.map(({ model, latencyMs = 0 }) => [`${model} ${question}`, latencyMs] as const),
    ),
  );
  const ends: {
    readonly question: string;
    readonly outcomes: readonly Outcome[];
    readonly isAnswered: boolean;
  }[] = [];
  inVirtualTime(() => {
    const models = replay(records, { withLatency: true });
    const ensemble = createEnsemble({
      models,
      normalization,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    for (const { question } of records) {
      ensemble.predict$(question).subscribe({
        next: ({ outcomes }) => ends.push({ question, outcomes, isAnswered: true }),
        error: ({ outcomes }: NoPredictionError) => ends.push({ question, outcomes, isAnswered: false }),
      });
    }
  });
  const lost = ends.flatMap(({ question, outcomes }) =>
    outcomes
      .filter((outcome) => outcome.status === 'failed' && outcome.error.name === 'TimeoutError')
      .map(({ model }) => latencies.get(`${model} ${question}`) ?? 0),
  );
  return {
    timeoutMs,
    questions: ends.length,
    unanswered: ends.filter(({ isAnswered }) => !isAnswered).length,
    calls: ends.reduce((sum, { outcomes }) => sum + outcomes.length, 0),
    lost: lost.length,
    lostInTime: lost.filter((latencyMs) => latencyMs <= DEFAULT_MS).length,
  };
};

/** Asks many questions at once of one model, whose calls all take as long. */
export const askedAtOnce = (
  asked: number,
  callMs: number,
  options: Partial<Omit<EnsembleOptions, 'normalization'>> = {},
): AtOnce => {
  let answered = 0;
  let tookMs = 0;
  inVirtualTime((scheduler) => {
    const model: Model = { id: 'steady', call: () => timer(callMs).pipe(map(() => ({ text: '4' }))) };
    const ensemble = createEnsemble({ models: [model], ...options });
    for (let index = 0; index < asked; index += 1) {
      ensemble.predict$(`${index}?`).subscribe({
        next: () => {
          answered += 1;
        },
        error: () => undefined,
        complete: () => {
          tookMs = scheduler.now();
        },
      });
    }
  });
  return { asked, answered, tookMs };
};

/** Says where the defaults lose a call that would have been answered in time; empty if nowhere. */
export const defaultFaults = (name: string, { lostInTime }: Kept, { asked, answered }: AtOnce): string[] => [
  ...(lostInTime > 0 ? [`${name}: ${lostInTime} calls that answer within 60 s were lost by default`] : []),
  ...(answered < asked ? [`of ${asked} questions in a queue, ${asked - answered} were lost`] : []),
];
