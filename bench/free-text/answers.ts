import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { RecordedQuestion } from '../../src/index.ts';

/** A question with the answers of models in prose, and a person's verdict on each. */
export interface JudgedQuestion extends RecordedQuestion {
  readonly id: string;
  readonly responses: readonly { readonly model: string; readonly text: string; readonly judged: boolean }[];
}

/** Reads a recording; `undefined` if the file is missing. */
export const judgedQuestions = (file: string): readonly JudgedQuestion[] | undefined =>
  existsSync(file)
    ? gunzipSync(readFileSync(file))
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as JudgedQuestion)
    : undefined;
