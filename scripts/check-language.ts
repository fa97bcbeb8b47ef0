/**
 * Counts words in the comments of `src/`, and fails if one of them occurs too often, see "Comments" in CONTRIBUTING.md.
 * Fails too if a comment, a message or a page has a refused phrase. `-- src/policies` reads a part of the sources, and no
 * page; `--rooms` prints a line for each folder; `--long` prints the long sentences.
 */
import { globSync, readFileSync } from 'node:fs';
import { commentsOf, type Language, LONG_SENTENCE, languageOf } from './language.ts';
import { type Finding, refusedIn, refusedInSource } from './phrases.ts';

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [folder = 'src'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

const sources = globSync(`${folder}/**/*.ts`).map((path) => [path, readFileSync(path, 'utf8')] as const);
const comments = sources.map(([path, text]) => [path, commentsOf(text)] as const);
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

const pages = folder === 'src' ? globSync(['*.md', 'docs/**/*.md', 'examples/*.md']) : [];
const described = (path: string, findings: readonly Finding[]): string[] =>
  findings.map(({ line, phrase, instead }) => `${path}:${line}: "${phrase}"; write: ${instead}`);
const refused = [
  ...sources.flatMap(([path, text]) => described(path, refusedInSource(text))),
  ...pages.flatMap((path) => described(path, refusedIn(readFileSync(path, 'utf8')))),
];
console.log(`${refused.length} refused phrases in comments, messages${pages.length > 0 ? ' and pages' : ''}`);
for (const line of refused) console.log(`  ${line}`);

if (refused.length > 0 || whole.rates.some(({ isWithin }) => !isWithin)) process.exitCode = 1;
