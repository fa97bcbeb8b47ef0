import { ConfigError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { refuse } from '../../options.ts';
import { pauses } from '../../time/in-slices.ts';
import type { Dataset, Question } from '../question.ts';
import { needsLabel } from '../scorers/scorer.ts';
import { iteratorOf } from './iterator-of.ts';
import { type LabelCheck, unmatchedFault } from './label-checks.ts';
import { hasLabelField, isLabelled, unlabelledFault } from './label-faults.ts';
import { questionFaults } from './question-faults.ts';

/** The maximum number of questions that are read ahead to find one with a right answer. */
const MAX_READ_AHEAD = 1000;

/** The maximum number of faulty rows that a message lists. */
const MAX_FAULTS = 10;

/**
 * Whether a dataset needs right answers: `always`, because a scorer is given; `if-likely`, if its rows have a field that may
 * hold them; `never`, because nothing is scored, or a judge needs none.
 */
export type LabelsNeeded = 'always' | 'if-likely' | 'never';

/** Returns whether right answers are needed, by the option `scorer`. */
export const labelsNeeded = (scorer: unknown): LabelsNeeded => {
  if (scorer === undefined) return 'if-likely';
  return scorer === 'none' || !needsLabel(scorer) ? 'never' : 'always';
};

const refuseDataset = (faults: readonly string[]): void =>
  refuse(faults.slice(0, MAX_FAULTS).map((fault) => `runExperiment: ${fault}`));

/** Returns the faults of a row that is a question, such as a field that a prompt needs. */
export type RowCheck = (question: Question) => readonly string[];

const noFaults: RowCheck = () => [];

const rowFaults = (row: unknown, index: number, check: RowCheck): readonly string[] => {
  const faults = questionFaults(row, index + 1);
  return faults.length > 0 ? faults : check(row as Question);
};

/** @throws {ConfigError} if a row is not a question, or `check` finds faults; `index` is its place, from 0. */
export const refuseRow = (row: unknown, index: number, check = noFaults): void =>
  refuseDataset(rowFaults(row, index, check));

/** Whether the rows of a dataset are all checked before the first question. */
export const isCheckedFirst = (dataset: Dataset): dataset is readonly Question[] => Array.isArray(dataset);

/**
 * Yields the questions of a dataset. Refuses it before the first question if it is empty, or if right answers are needed
 * and none is found, or none that an answer of each condition can be equal to: in an array, or else among the first 1000
 * questions. The rows of an array are all checked first.
 */
export const checkedDataset = (
  dataset: Dataset,
  labels: LabelsNeeded,
  checks: readonly LabelCheck[] = [],
  check = noFaults,
): AsyncIterable<Question> => ({
  [Symbol.asyncIterator]: () => {
    const source = iteratorOf(dataset);
    let held: IteratorResult<Question>[] | undefined;

    const checkRows = async (rows: readonly unknown[]): Promise<void> => {
      const pause = pauses();
      const faults: string[] = [];
      for (const [index, row] of rows.entries()) {
        faults.push(...rowFaults(row, index, check));
        if (faults.length >= MAX_FAULTS) break;
        const paused = pause();
        if (paused !== undefined) await paused;
      }
      refuseDataset(faults);
    };

    const readAhead = async (): Promise<IteratorResult<Question>[]> => {
      const steps: IteratorResult<Question>[] = [];
      let first: Question | undefined;
      let labelled: Question | undefined;
      let labelledCount = 0;
      let unmatched = checks;
      for (;;) {
        const step = await source.next();
        steps.push(step);
        // Other steps are refused by the reader.
        if (!isObject(step)) return steps;
        if (step.done) break;
        const question = step.value;
        if (labels === 'never' || !isObject(question)) return steps;
        if (isLabelled(question)) {
          labelled ??= question;
          labelledCount += 1;
          unmatched = unmatched.filter(({ canMatch }) => !canMatch(question));
          if (unmatched.length === 0) return steps;
        } else if (labelled === undefined && labels === 'if-likely' && !hasLabelField(question)) return steps;
        first ??= question;
        if (!Array.isArray(dataset) && steps.length === MAX_READ_AHEAD) break;
      }
      if (first === undefined) throw new ConfigError([EMPTY]);
      if (labelled !== undefined) refuseDataset([unmatchedFault(unmatched, labelled, labelledCount)]);
      const isWhole = steps.at(-1)?.done === true;
      const fault = unlabelledFault(first, steps.length - Number(isWhole), isWhole);
      refuseDataset([`${fault}. If nothing is to be scored, set "scorer" to "none"`]);
      return steps;
    };

    return {
      async next() {
        if (held === undefined && isCheckedFirst(dataset)) await checkRows(dataset);
        held ??= await readAhead();
        return held.shift() ?? source.next();
      },
      async return() {
        await source.return?.();
        return { done: true, value: undefined };
      },
    };
  },
});

const EMPTY =
  'runExperiment: the dataset has no questions; a generator, for example, can be read only once: use an array or an object with [Symbol.asyncIterator]';
