import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { concat, from, lastValueFrom, map, of, range } from 'rxjs';
import { given } from '../../src/domain/given.ts';
import {
  memoryJournal,
  rescore,
  runExperiment,
  scorecard,
  scorecardFold,
  type Trial,
  tune$,
} from '../../src/experiment/experiment.ts';
import { byContent, byEmbedding } from '../../src/grouping/grouping.ts';
import { createEnsemble, defineModel, type Model, simulated } from '../../src/index.ts';
import { agreement, agreementRow } from '../../src/metrics/metrics.ts';
import { drawsFor } from '../../src/models/random.ts';
import type { LongTail } from '../../src/models/simulated.ts';
import { exportToCsv } from '../../src/node/export-to-csv.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import { csvReport, htmlReport, markdownReport } from '../../src/report/report.ts';
import { phrases, voteOf } from './answers.ts';
import { ballots } from './ballots.ts';
import { writeJournal } from './write-journal.ts';

/** Something whose blocks of the event loop are watched. */
export interface Scenario {
  /** The longest block that is allowed, in milliseconds. */
  readonly barMs: number;
  /** Prepares what is not watched. Resolves with what is, and then with what removes it. */
  readonly prepare: (share: number) => Promise<{
    readonly run: () => Promise<unknown>;
    readonly remove?: () => void;
  }>;
}

const BAR_MS = 20;

/** Those of Node, which are promises, are not seen by the monitor. */
const timePasses = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
const nextTurn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Models that answer at once, or over sockets as it were: one after the other, after some milliseconds. */
const models = (count: number, latencyMs?: LongTail): Model[] =>
  Array.from({ length: count }, (_, index) =>
    simulated({
      id: `model-${index}`,
      accuracy: 0.6 + 0.04 * index,
      costUsd: 0.0001 * (index + 1),
      ...given({ latencyMs }),
    }),
  );

const questionOf = (index: number) => ({
  id: `q${index}`,
  question: `What is ${index} + ${index % 97}?`,
  expected: index + (index % 97),
});

const questions = (count: number) => Array.from({ length: count }, (_, index) => questionOf(index));

const LATENCY_MS = { medianMs: 20, p99Ms: 200 };

const conditionsOf = (latencyMs?: LongTail) =>
  ({
    one: { models: models(1, latencyMs), normalization: 'numeric' },
    three: { models: models(3, latencyMs), normalization: 'numeric' },
  }) as const;

const conditions = conditionsOf();

/** The trials of some questions again and again under other ids, so that there are as many as wanted. */
const trialsOf = async (count: number): Promise<Trial[]> => {
  const few = await Array.fromAsync(runExperiment({ dataset: questions(500), conditions }));
  return Array.from({ length: count }, (_, index) => {
    const trial = few[index % few.length] as Trial;
    const round = Math.floor(index / few.length);
    return { ...trial, question: { ...trial.question, id: `${trial.question.id} ${round}` } };
  });
};

/** Predicts by models that give these answers, one each, one after the other. */
const predicting = (
  answers: readonly string[],
  options: Partial<Parameters<typeof createEnsemble>[0]>,
): (() => Promise<unknown>) => {
  const ensemble = createEnsemble({
    models: answers.map((text, index) =>
      defineModel(`model-${index}`, async () => {
        await timePasses(index);
        return text;
      }),
    ),
    ...options,
  });
  return () => ensemble.predict('What did they do?');
};

const predictionsOf = async (count: number) => {
  const ensemble = createEnsemble({ models: models(9), normalization: 'numeric' });
  const few = await Array.fromAsync(ensemble.predictAll(questions(500).map(({ question }) => question)));
  return Array.from({ length: count }, (_, index) => few[index % few.length] as (typeof few)[number]);
};

/** A stream in memory, which is always ready. */
const intoNothing = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** The scenarios by name. A share of 1 is the size of the name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'journal of 1,000,000 entries, opened': {
    barMs: 50,
    prepare: async (share) => {
      const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
      const path = join(folder, 'calls.jsonl');
      writeJournal(path, 1_000_000 * share);
      return {
        run: async () => (await openJournal(path)).close(),
        remove: () => rmSync(folder, { recursive: true }),
      };
    },
  },
  'experiment of 5,000 questions × 3': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const dataset = questions(5000 * share);
      const live = conditionsOf(LATENCY_MS);
      return {
        run: () =>
          drain(runExperiment({ dataset, conditions: live, journal: memoryJournal(), concurrency: 100 })),
      };
    },
  },
  'rescoring of 5,000 questions × 3': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const dataset = questions(5000 * share);
      const journal = memoryJournal();
      await drain(runExperiment({ dataset, conditions, journal }));
      return { run: () => drain(rescore({ dataset, conditions, journal })) };
    },
  },
  'tuning of 5,000 × 9': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const given = ballots(5000 * share, 9);
      return { run: () => lastValueFrom(tune$({ ballots: given, aim: { maximize: 'accuracy' } })) };
    },
  },
  'scorecard of 100,000 trials': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const trials = await trialsOf(100_000 * share);
      return { run: () => scorecard(trials, { normalization: 'numeric' }) };
    },
  },
  'report of 100,000 trials': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const fold = scorecardFold({ normalization: 'numeric' });
      for (const trial of await trialsOf(100_000 * share)) fold.add(trial);
      const content = { title: 'Report', basis: 'Simulated models.', scorecard: fold.scorecard() };
      const write = [htmlReport, markdownReport, csvReport];
      return {
        run: async () => {
          for (const report of write) {
            report(content);
            await nextTurn();
          }
        },
      };
    },
  },
  'soak of 10,000 predictions': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const ensemble = createEnsemble({ models: models(3, LATENCY_MS), normalization: 'numeric' });
      const asked = questions(10_000 * share).map(({ question }) => question);
      return { run: () => drain(ensemble.predictAll(asked, { concurrency: 1000 })) };
    },
  },
  'byEmbedding, 1,000 answers × 1,536': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const draw = drawsFor('vectors');
      const vectors = Array.from({ length: 1000 * share }, () =>
        Array.from({ length: 1536 }, () => draw() - 0.5),
      );
      let next = 0;
      const embed = async (texts: readonly string[]) => {
        await nextTurn();
        return { embeddings: texts.map(() => vectors[next++ % vectors.length] as number[]), costUsd: 0 };
      };
      return {
        run: predicting(phrases(1000 * share), { grouping: byEmbedding({ embed, threshold: 0.02 }) }),
      };
    },
  },
  'byContent, 1,000 different answers': {
    barMs: BAR_MS,
    prepare: async (share) => ({ run: predicting(phrases(1000 * share), { grouping: byContent() }) }),
  },
  'byContent, 100,000 answers that say 50 things': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const few = phrases(50);
      const grouping = byContent();
      return {
        // As many models as answers would measure the start of as many calls.
        run: async () => {
          let state = grouping.init({ question: 'What did they do?' });
          for (let index = 0; index < 100_000 * share; index += 1) {
            state = grouping.add(state, voteOf(few[index % 50] as string, index));
            if (index % 100 === 0) await nextTurn();
          }
          return grouping.groups(state);
        },
      };
    },
  },
  'stream of 100,000 deltas': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const writer: Model = {
        id: 'writer',
        call: () =>
          concat(range(0, 100_000 * share).pipe(map(() => ({ delta: 'word ' }))), of({ text: 'words' })),
      };
      const ensemble = createEnsemble({ models: [writer], minResponses: 1 });
      return { run: () => lastValueFrom(from(ensemble.stream('Write.'))) };
    },
  },
  'CSV of 100,000 predictions, into a file': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const predictions = await predictionsOf(100_000 * share);
      const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
      return {
        run: () => exportToCsv(predictions, join(folder, 'predictions.csv')),
        remove: () => rmSync(folder, { recursive: true }),
      };
    },
  },
  'CSV of 100,000 predictions, into memory': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const predictions = await predictionsOf(100_000 * share);
      return { run: () => exportToCsv(predictions, intoNothing()) };
    },
  },
  'agreement of 9 models on 1,000 questions': {
    barMs: BAR_MS,
    prepare: async (share) => {
      const rows = (await predictionsOf(1000 * share)).map((prediction) => agreementRow(prediction));
      return { run: async () => agreement(rows) };
    },
  },
};

const drain = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of items);
};
