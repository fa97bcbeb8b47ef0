import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, from, lastValueFrom, map, of, range } from 'rxjs';
import { tune } from '../../src/experiment/experiment.ts';
import { byContent } from '../../src/grouping/grouping.ts';
import { createEnsemble, defineModel, type Model, majority } from '../../src/index.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import { elect } from '../../src/operators/operators.ts';
import { phrases, voteOf } from '../blocks/answers.ts';
import { ballots } from '../blocks/ballots.ts';
import { writeJournal } from '../blocks/write-journal.ts';

/** Something whose cost grows with a number of items. */
export interface Measure {
  readonly sizes: readonly number[];
  /** What the items of a run are counted as, if they are not the size. */
  readonly itemsOf?: (size: number) => number;
  /** Prepares what is not measured. Resolves with what is. */
  readonly prepare: (
    size: number,
  ) => Promise<{ readonly run: () => Promise<unknown>; readonly remove?: () => void }>;
}

const DECADES = [100, 1000, 10_000, 100_000];

const quick = (id: string): Model => defineModel(id, async () => 'Paris');

/** All groups after the last answer, as a prediction has them. */
const grouped = (answers: readonly string[]) => async (): Promise<unknown> => {
  const grouping = byContent();
  let state = grouping.init({ question: 'What did they do?' });
  for (const [index, text] of answers.entries()) state = grouping.add(state, voteOf(text, index));
  const context = { question: '' } as Parameters<NonNullable<typeof grouping.refine>>[1];
  return lastValueFrom(from(grouping.refine?.(state, context) ?? []), {
    defaultValue: grouping.groups(state),
  });
};

/** The measures by name. */
export const measures: Readonly<Record<string, Measure>> = {
  'votes in an election': {
    sizes: DECADES,
    prepare: async (size) => {
      const votes = Array.from({ length: size }, (_, index) => voteOf(`answer ${index % 4}`, index));
      return { run: () => lastValueFrom(from(votes).pipe(elect({ voter: majority() }))) };
    },
  },
  'models in a panel': {
    sizes: DECADES,
    prepare: async (size) => {
      const ensemble = createEnsemble({
        models: Array.from({ length: size }, (_, index) => quick(`model-${index}`)),
        timeoutMs: Number.POSITIVE_INFINITY,
      });
      return { run: () => ensemble.predict('?') };
    },
  },
  'questions of predictAll': {
    sizes: DECADES,
    prepare: async (size) => {
      const ensemble = createEnsemble({ models: ['a', 'b', 'c'].map(quick) });
      const questions = Array.from({ length: size }, (_, index) => `What is ${index}?`);
      return {
        run: async () => {
          for await (const _ of ensemble.predictAll(questions, { concurrency: 100 }));
        },
      };
    },
  },
  'panels in tune, of 3, 5, 7 and 9 models on 300 questions': {
    sizes: [3, 5, 7, 9],
    itemsOf: (size) => 2 ** size - 1,
    prepare: async (size) => {
      const given = ballots(300, size);
      return { run: async () => tune({ ballots: given, aim: { maximize: 'accuracy' } }) };
    },
  },
  'questions in tune, of 5 models': {
    sizes: [100, 1000, 10_000],
    prepare: async (size) => {
      const given = ballots(size, 5);
      return { run: async () => tune({ ballots: given, aim: { maximize: 'accuracy' } }) };
    },
  },
  'entries of a journal, opened': {
    sizes: DECADES,
    prepare: async (size) => {
      const folder = mkdtempSync(join(tmpdir(), 'scaling-'));
      const path = join(folder, 'calls.jsonl');
      writeJournal(path, size);
      return {
        run: async () => (await openJournal(path)).close(),
        remove: () => rmSync(folder, { recursive: true }),
      };
    },
  },
  'deltas of a stream': {
    sizes: DECADES,
    prepare: async (size) => {
      const writer: Model = {
        id: 'writer',
        call: () => concat(range(0, size).pipe(map(() => ({ delta: 'word ' }))), of({ text: 'words' })),
      };
      const ensemble = createEnsemble({ models: [writer], minResponses: 1 });
      return { run: () => lastValueFrom(from(ensemble.stream('Write.'))) };
    },
  },
  'answers to byContent, all different': {
    sizes: [100, 300, 1000],
    prepare: async (size) => ({ run: grouped(phrases(size)) }),
  },
  'answers to byContent that say 50 things': {
    sizes: DECADES,
    prepare: async (size) => {
      const few = phrases(50);
      return { run: grouped(Array.from({ length: size }, (_, index) => few[index % 50] as string)) };
    },
  },
};
