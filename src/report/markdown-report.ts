import { causeLines } from '../experiment/scorecard/cause-lines.ts';
import type { Scorecard } from '../experiment/scorecard/scorecard.ts';
import { reading } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { markdownTable, markdownText } from '../rendering/markdown.ts';
import { type ReportContent, refuseWithoutScorecard } from './report-content.ts';
import { aboutTable, comparisonsTable, conditionsTable, modelsTable, NOTES, type Table } from './summary.ts';
import { verdictOf } from './verdict.ts';

/**
 * Returns the tables of a report as Markdown, without questions and answers: the conditions, what was not measured and why,
 * and pairwise comparisons. The reasons are the messages of errors, and name questions by their ids.
 * Names are escaped, so that they are not read as markup. Costs no calls.
 *
 * @throws {ConfigError} if `scorecard` is not a scorecard, for example because it was not awaited.
 *
 * @example
 * ```ts
 * import { simulated } from 'crucible-ensemble';
 * import { runExperiment, scorecard } from 'crucible-ensemble/experiment';
 * import { markdownReport } from 'crucible-ensemble/report';
 *
 * const trials = runExperiment({
 *   dataset: [{ id: '1', question: 'What is 17 * 23?', expected: '391' }],
 *   conditions: { one: { models: [simulated({ id: 'a', accuracy: 1 })] } },
 * });
 * const report = markdownReport({ title: 'One', scorecard: await scorecard(trials) });
 * report.startsWith('# One\n'); // => true
 * ```
 */
export const markdownReport = (content: ReportContent): string => {
  return reading('markdownReport', () => {
    refuseWithoutScorecard('markdownReport', content);
    const { title, basis, scorecard } = content;
    return `${[
      `# ${markdownText(title)}`,
      ...(basis === undefined ? [] : [markdownText(basis)]),
      ...(scorecard.stopped === undefined ? [] : [`**${markdownText(scorecard.stopped)}.**`]),
      ...(scorecard.conditions.length === 0 ? [] : [markdownText(verdictOf(scorecard))]),
      ...section('Conditions', conditionsTable(scorecard)),
      ...notesOf(scorecard),
      ...section('Comparisons', comparisonsTable(scorecard)),
      ...section('Models', modelsTable(scorecard)),
      ...reviewsOf(scorecard),
      ...section('About this experiment', aboutTable(content), true),
    ].join('\n\n')}\n`;
  });
};

/** Returns the list of what was not measured, with the causes. */
const notesOf = ({ conditions }: Scorecard): string[] => {
  const lines = causeLines(conditions).map((line) => `- ${markdownText(line)}`);
  return lines.length === 0 ? [] : [`## ${NOTES}`, lines.join('\n')];
};

/** Returns the list of verdicts that are marked for a person, by the ids of the questions. */
const reviewsOf = ({ reviews }: Scorecard): string[] =>
  reviews === undefined
    ? []
    : [
        '## For a person',
        `${counted(reviews.count, 'verdict')} of the jury, of which ${reviews.examples.length} are listed:`,
        reviews.examples
          .map(({ id, condition, review }) => `- ${markdownText(`${id} (${condition}): ${review}`)}`)
          .join('\n'),
      ];

const section = (title: string, { columns, rows }: Table, isText = false): string[] =>
  rows.length === 0
    ? []
    : [
        `## ${title}`,
        markdownTable(
          columns,
          rows.map((cells) =>
            cells.map(({ text, range }) => (range === undefined ? text : `${text} (${range})`)),
          ),
          (column) => column === 0 || isText,
        ),
      ];
