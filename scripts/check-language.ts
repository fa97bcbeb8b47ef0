/**
 * Counts words in the comments of `src/`, and fails if one of them occurs too often, see "Comments" in CONTRIBUTING.md.
 * `-- src/policies` reads a part; `--rooms` prints a line for each folder; `--long` prints the long sentences.
 */
import { globSync, readFileSync } from 'node:fs';
import { commentsOf, type Language, LONG_SENTENCE, languageOf } from './language.ts';

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [folder = 'src'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

const comments = globSync(`${folder}/**/*.ts`).map(
  (path) => [path, commentsOf(readFileSync(path, 'utf8'))] as const,
);
const whole = languageOf(comments.flatMap(([, paragraphs]) => paragraphs));

console.log(`${whole.words} words of comments in ${folder}, per 1,000 of them:`);
for (const { bar, rate, isWithin } of whole.rates) {
  const verdict = isWithin ? '' : '   missed';
  console.log(`${rate.toFixed(2).padStart(8)}  ${bar.name} (${bar.least} to ${bar.most})${verdict}`);
}
const shareLong = (100 * whole.longSentences.length) / whole.sentences;
console.log(
  `${whole.longSentences.length} of ${whole.sentences} sentences (${shareLong.toFixed(0)} %) have more than ${LONG_SENTENCE} words`,
);

const missedIn = ({ rates }: Language): string =>
  rates
    .filter(({ isWithin }) => !isWithin)
    .map(({ bar, rate }) => `${bar.name} ${rate.toFixed(2)}`)
    .join('; ');

if (flags.includes('--rooms')) {
  console.log('');
  const rooms = Map.groupBy(comments, ([path]) => path.split('/').slice(0, 2).join('/'));
  for (const [room, files] of [...rooms].toSorted()) {
    const language = languageOf(files.flatMap(([, paragraphs]) => paragraphs));
    console.log(`${String(language.words).padStart(6)} words  ${room}  ${missedIn(language)}`.trimEnd());
  }
}
if (flags.includes('--long')) {
  for (const [path, paragraphs] of comments) {
    for (const sentence of languageOf(paragraphs).longSentences) console.log(`\n${path}\n  ${sentence}`);
  }
}
if (whole.rates.some(({ isWithin }) => !isWithin)) process.exitCode = 1;
