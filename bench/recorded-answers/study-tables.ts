import type { Evaluation } from './evaluate.ts';
import { recordingNames } from './promise-tables.ts';
import type { Study } from './study.ts';

/** A study as it is recorded. */
export interface StudyRecord {
  readonly recording: string;
  readonly questions: number;
  readonly models: number;
  /** The right answers and the calls for a question, by condition. */
  readonly conditions: readonly { readonly name: string; readonly right: number; readonly calls: number }[];
  /** The share of calls that `decided` saves. */
  readonly callsSaved: number;
  readonly calibration: Study['calibration'];
}

const rounded = (value: number): number => Number(value.toPrecision(5));

/** Makes the record of a study and of the evaluation of the same recording. */
export const toStudyRecord = (
  { name, questions, conditions, calibration }: Study,
  { models, calls, callsSaved }: Evaluation,
): StudyRecord => ({
  recording: name,
  questions,
  models: models.length,
  conditions: conditions.map(({ name, right, callsPerQuestion }) => ({
    name,
    right,
    calls: rounded(callsPerQuestion),
  })),
  callsSaved: rounded(callsSaved / calls),
  calibration: {
    before: rounded(calibration.before),
    after: rounded(calibration.after),
    byChance: rounded(calibration.byChance),
  },
});

const nameOf = ({ recording }: StudyRecord): string => recordingNames[recording] ?? recording;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const mostRight = ({ conditions }: StudyRecord): number => Math.max(...conditions.map(({ right }) => right));

/** One cell: the right answers, bold if no condition has more; in brackets the calls, unless all models are called. */
const cell = (study: StudyRecord, condition: string, hasCalls: boolean): string => {
  const found = study.conditions.find(({ name }) => name === condition);
  if (found === undefined) return '–';
  const right = found.right === mostRight(study) ? `**${found.right}**` : `${found.right}`;
  return hasCalls ? `${right} (${Number(found.calls.toFixed(1))})` : right;
};

/** The rows of the table of rules, and whether they show calls. */
const rules: readonly (readonly [condition: string, hasCalls: boolean])[] = [
  ['best single', false],
  ['plurality', false],
  ['Wawa', false],
  ['Dawid–Skene', false],
  ['log-odds, K = 2', false],
  ['log-odds, K learned', false],
  ['confusion matrices', false],
  ['two small agree, else strong', true],
  ['three small agree, else strong', true],
  ['tuned', true],
];

/** The table of right answers by rule. */
export const rulesTable = (studies: readonly StudyRecord[]): readonly string[] => [
  `| | ${studies.map((study) => `${nameOf(study)}, ${study.models} models, ${study.questions}`).join(' | ')} |`,
  `|---|${studies.map(() => '---').join('|')}|`,
  ...rules.map(
    ([condition, hasCalls]) =>
      `| ${condition} | ${studies.map((study) => cell(study, condition, hasCalls)).join(' | ')} |`,
  ),
];

/** The table of calibration errors. */
export const calibrationTable = (studies: readonly StudyRecord[]): readonly string[] => [
  '| | as it is | calibrated | by chance |',
  '|---|---|---|---|',
  ...studies.map((study) => {
    const { before, after, byChance } = study.calibration;
    return `| ${nameOf(study)} | ${percent(before)} | ${percent(after)} | ${percent(byChance)} |`;
  }),
];

/** The names of the public question sets. */
const setNames: Readonly<Record<string, string>> = {
  'gsm8k-zeroeval-8peers': 'GSM8K',
  'farel-8models': 'farel-bench',
  'mmlu-pro-9models-2k': 'MMLU-Pro, a sample',
  'prime-llmdrift-4models': 'primes',
};

/** The table of the main conditions, one row for each recording. */
export const summaryTable = (studies: readonly StudyRecord[]): readonly string[] => [
  '| right answers | questions | best single | plurality | log-odds | tuned | plurality, `decided`: calls saved |',
  '|---|---|---|---|---|---|---|',
  ...studies.map((study) => {
    const cells = ['best single', 'plurality', 'log-odds, K = 2', 'tuned'].map((condition) =>
      cell(study, condition, true),
    );
    return `| ${setNames[study.recording] ?? study.recording}, ${study.models} models | ${study.questions} | ${cells.join(' | ')} | ${percent(study.callsSaved)} |`;
  }),
];
