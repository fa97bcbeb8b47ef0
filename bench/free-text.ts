/**
 * Prints what `byContent` makes of recorded answers in prose: how well it tells pairs of answers, how often the vote is right
 * beside today's vote, single models and a perfect grouping, what each consensus meant, what a judge adds, and its speed.
 * Takes the file of the recording as its argument; by default `../shared/data/openqa-5models-nq-a.jsonl.gz`. Exits with 1 if
 * a target is missed.
 */
import { resolve } from 'node:path';
import { type Estimate, pairedDifference, wilsonInterval } from '../src/experiment/experiment.ts';
import { byContent } from '../src/grouping/grouping.ts';
import { type JudgedQuestion, judgedQuestions } from './free-text/answers.ts';
import { figuresOf, pairsOf } from './free-text/pairs.ts';
import { type Predicted, perfectGrouping, predictionsOf } from './free-text/predictions.ts';
import { largeGrouping, speedOf } from './free-text/speed.ts';
import { best, isUndecided, judged, singles, type Way, wayOf } from './free-text/votes.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const range = ({ low, high }: Pick<Estimate, 'low' | 'high'>): string =>
  `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
const points = (difference: number): string => `${difference < 0 ? '' : '+'}${(100 * difference).toFixed(1)}`;

/** The mean of a way's scores over those of another, with a bootstrap interval. */
const estimateOf = ({ scores }: Way, over?: Way): Estimate =>
  pairedDifference(scores.map((score, index) => [over?.scores[index] ?? 0, score] as const)) ?? {
    value: 0,
    low: 0,
    high: 0,
  };

const misses: string[] = [];
const expectAtLeast = (name: string, least: number, value: number): void => {
  if (value < least) misses.push(`${name}: ${percent(value)}, expected at least ${percent(least)}`);
};
const expectAtMost = (name: string, most: number, value: number): void => {
  if (value > most) misses.push(`${name}: ${value.toFixed(2)}, expected at most ${most}`);
};

const printPairs = (questions: readonly JudgedQuestion[]): void => {
  const { pairs, precision, recall, auc } = figuresOf(pairsOf(questions));
  console.log(`\npairs of answers, at least one right: ${pairs}`);
  console.log(`  precision ${percent(precision)}, recall ${percent(recall)}, AUC ${auc.toFixed(3)}`);
};

const printWays = (ways: readonly Way[], today: Way): void => {
  console.log(`\n  ${'right'.padEnd(46)}${'bootstrap, 95 %'.padStart(24)}   over today's vote`);
  for (const way of ways) {
    const estimate = estimateOf(way);
    const gain = estimateOf(way, today);
    console.log(
      `  ${way.name.padEnd(46)}${`${percent(estimate.value)} ${range(estimate)}`.padStart(24)}   ${points(gain.value)} ${range(gain)}`,
    );
  }
};

const printConsensus = (predicted: readonly Predicted[], members: number): void => {
  console.log('\n  agree     share of the questions   right');
  for (let lead = members; lead >= 0; lead -= 1) {
    const some = predicted.filter((one) => one.lead === lead);
    if (some.length === 0) continue;
    const right = some.filter(({ isRight }) => isRight).length;
    console.log(
      `  ${lead} of ${members}    ${percent(some.length / predicted.length).padStart(8)}                 ` +
        `${percent(right / some.length)} ${range(wilsonInterval(right, some.length))}`,
    );
    if (lead === members) expectAtLeast(`right if ${lead} of ${members} agree`, 0.95, right / some.length);
  }
  const decided = predicted.filter((one) => !isUndecided(one)).length / predicted.length;
  console.log(`  strict majority in ${percent(decided)}`);
  expectAtLeast('strict majority', 0.75, decided);
};

const nouns =
  'river bridge monk tower cloud paper winter forest copper silver market harbour engine letter garden window mirror candle'.split(
    ' ',
  );

const printSpeed = (questions: readonly JudgedQuestion[]): void => {
  const { segmentMicros, reading, grouping } = speedOf(questions.slice(0, 300));
  console.log(
    `\nspeed, in passes of Intl.Segmenter over the same texts (${segmentMicros.toFixed(0)} µs a question)`,
  );
  console.log(`  reading ${reading.toFixed(2)}, grouping ${grouping.toFixed(2)}`);
  expectAtMost('reading, in passes', 3, reading);
  const texts = questions.flatMap(({ responses }) => responses.map(({ text }) => text));
  const few = texts.map((_, index) => texts[index % 50] ?? '');
  const similar = Array.from({ length: 1000 }, (_, text) =>
    Array.from(
      { length: 12 },
      (_, word) => nouns[(text * 7 + word * 5 + (text % (word + 5))) % nouns.length],
    ).join(' '),
  );
  const cases = [
    ['100 different answers', texts.slice(0, 100)],
    ['1,000 different answers', texts.slice(0, 1000)],
    ['1,000 different answers of 18 nouns', similar],
    ['1,000 answers, 50 different', few.slice(0, 1000)],
    ['4,000 answers, 50 different', few.slice(0, 4000)],
  ] as const;
  for (const [name, some] of cases) {
    const { contents, groups, readMs, groupMs, longestSliceMs } = largeGrouping('', some);
    console.log(
      `  ${name}: ${contents} contents, read in ${readMs.toFixed(0)} ms, ${groups} groups in ${groupMs.toFixed(1)} ms, ` +
        `longest slice ${longestSliceMs.toFixed(1)} ms`,
    );
    expectAtMost(`${name}, longest slice in ms`, 20, longestSliceMs);
  }
};

const file = resolve(process.argv[2] ?? '../shared/data/openqa-5models-nq-a.jsonl.gz');
const questions = judgedQuestions(file);
if (questions === undefined) console.log(`There is no recording at ${file}: skipped.`);
else {
  const members = questions[0]?.responses.length ?? 0;
  console.log(`${questions.length} questions, ${members} models`);
  printSpeed(questions);
  const [plain, grouped, perfect] = await Promise.all([
    predictionsOf(questions),
    predictionsOf(questions, { grouping: byContent() }),
    predictionsOf(questions, { grouping: perfectGrouping(questions) }),
  ]);
  printPairs(questions);
  const today = wayOf("today's vote", plain);
  const vote = wayOf('byContent', grouped);
  const alone = singles(questions);
  printWays(
    [
      today,
      { ...(alone[0] ?? today), name: `first model, ${alone[0]?.name}` },
      { ...best(alone), name: `best single model, ${best(alone).name}` },
      vote,
      wayOf('right answers grouped perfectly', perfect),
      judged('byContent, a judge of .8 where undecided', grouped, 0.8, isUndecided),
      judged('byContent, a judge of .9 where undecided', grouped, 0.9, isUndecided),
      judged('a judge of .8 everywhere', grouped, 0.8, () => true),
      judged('a judge of .9 everywhere', grouped, 0.9, () => true),
    ],
    today,
  );
  expectAtLeast('votes of byContent', 0.805, estimateOf(vote).value);
  printConsensus(grouped, members);
  console.log(
    `  today's vote has a strict majority in ${percent(plain.filter((one) => !isUndecided(one)).length / plain.length)}`,
  );
}
for (const miss of misses) console.error(`\n${miss}`);
if (misses.length > 0) process.exitCode = 1;
