import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { abstain, answerKey, finalAnswer, lowercaseTrim, type Normalizer, numeric } from '../../src/index.ts';
import { type MathAnswer, math, mathKey } from '../../src/math/math.ts';

interface Question {
  readonly kind?: 'open' | 'choice';
  readonly expected: string;
  readonly responses: readonly { readonly model: string; readonly text: string }[];
}

/** A normalizer, and how it reads the right answer. */
interface Way {
  readonly name: string;
  readonly keyOf: (text: string) => string | undefined;
}

const wayOf = (name: string, normalize: Normalizer): Way => ({
  name,
  keyOf(text) {
    const answer = (normalize as (text: string) => unknown)(text);
    return abstentionReason(answer) === undefined ? answerKey(answer) : undefined;
  },
});

const formula = math();

/** A normalizer with `check: isWhole`, for questions that are known to ask for a whole number. */
const wholeWay = (name: string, normalize: Normalizer, isWhole: (answer: unknown) => boolean): Way =>
  wayOf(`${name}, whole`, (text: string) => {
    const answer = (normalize as (text: string) => unknown)(text);
    return isWhole(answer) ? answer : abstain('no whole number');
  });

const ways: readonly Way[] = [
  wayOf('text', lowercaseTrim),
  wayOf('numeric', numeric),
  wayOf('math', formula),
];

const wholeWays: readonly Way[] = [
  ...ways,
  wholeWay('numeric', numeric, Number.isInteger),
  wholeWay('math', formula, (answer) => Number.isInteger((answer as Partial<MathAnswer>).number)),
];

/** The sizes of the panels whose votes are counted: all models, the first three, the last three. */
const panels: Readonly<Record<string, (models: readonly string[]) => readonly string[]>> = {
  'all models': (models) => models,
  'first three': (models) => models.slice(0, 3),
  'last three': (models) => models.slice(-3),
};

const questionsOf = (file: string): Question[] =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Question)
    .filter(({ kind }) => kind !== 'choice');

/** More words are a sentence, from which `math` abstains. */
const MOST_WORDS = 3;

const isSentence = (text: string): boolean => {
  const answer = finalAnswer(text);
  return typeof answer !== 'string' || (answer.match(/(?<!\\)\b[A-Za-z]{2,}\b/g) ?? []).length > MOST_WORDS;
};

/** A question with the keys of its answers, by normalizer and model. */
interface Read {
  /** The keys of the right answer, by normalizer. */
  readonly right: ReadonlyMap<Way, string | undefined>;
  readonly keys: ReadonlyMap<string, ReadonlyMap<Way, string | undefined>>;
  /** The models that answer with a sentence. */
  readonly sentences: ReadonlySet<string>;
}

const readAll = (text: string, used: readonly Way[]): ReadonlyMap<Way, string | undefined> =>
  new Map(used.map((way) => [way, way.keyOf(text)]));

const read = ({ expected, responses }: Question, used: readonly Way[]): Read => ({
  right: readAll(`<answer>${expected}</answer>`, used),
  keys: new Map(responses.map(({ model, text }) => [model, readAll(text, used)])),
  sentences: new Set(responses.flatMap(({ model, text }) => (isSentence(text) ? [model] : []))),
});

/** Whether an answer is right: at least one normalizer reads it as it reads the right one. */
const isRight = ({ right }: Read, keys: ReadonlyMap<Way, string | undefined>): boolean =>
  ways.some((way) => keys.get(way) !== undefined && keys.get(way) === right.get(way));

const percent = (part: number, all: number): string => `${((100 * part) / all).toFixed(1)} %`;

/** Counts the answers of a model that are right, not read, and wrong. */
const countOf = (reads: readonly Read[], model: string, way: Way) => {
  const counts = { right: 0, abstained: 0, wrong: 0 };
  for (const { right, keys } of reads) {
    const key = keys.get(model)?.get(way);
    counts[key === undefined ? 'abstained' : key === right.get(way) ? 'right' : 'wrong'] += 1;
  }
  return counts;
};

/** Counts the questions for which most votes of a panel are right; a tie has the first answer. */
const pluralityOf = (reads: readonly Read[], models: readonly string[], way: Way): number =>
  reads.filter(({ right, keys }) => {
    const votes = models.flatMap((model) => keys.get(model)?.get(way) ?? []);
    const counts = Map.groupBy(votes, (key) => key);
    const [winner] = [...counts].toSorted(([, one], [, other]) => other.length - one.length);
    return winner !== undefined && winner[0] === right.get(way);
  }).length;

/** Counts the pairs of right answers to a question that are no sentences, and those of them that are one vote. */
const pairsOf = (reads: readonly Read[], way: Way) => {
  let pairs = 0;
  let met = 0;
  for (const one of reads) {
    const right = [...one.keys]
      .filter(([model, keys]) => !one.sentences.has(model) && isRight(one, keys))
      .map(([, keys]) => keys.get(way));
    right.forEach((key, index) => {
      for (const other of right.slice(index + 1)) {
        pairs += 1;
        if (key !== undefined && key === other) met += 1;
      }
    });
  }
  return { pairs, met };
};

const recordings = [
  { name: 'math-odyssey-5runs', leastMet: 0.95, isWhole: false },
  { name: 'math-l5-8models', leastMet: 0.95, isWhole: true },
];

/** Prints what each normalizer makes of the recordings. Returns where `math` falls short. */
export const readings = (folder: string): string[] =>
  recordings.flatMap(({ name, leastMet, isWhole }) => {
    const file = join(folder, `${name}.jsonl.gz`);
    if (!existsSync(file)) {
      console.log(`There is no ${file}.`);
      return [];
    }
    const questions = questionsOf(file);
    const used = isWhole ? wholeWays : ways;
    const reads = questions.map((question) => read(question, used));
    const models = [...new Set(questions.flatMap(({ responses }) => responses.map(({ model }) => model)))];
    console.log(`\n${name}: ${questions.length} questions without options, ${models.length} models`);
    console.log(
      `  ${'right / not read / wrong'.padEnd(40)}${used.map((way) => way.name.padStart(17)).join('')}`,
    );
    const right = new Map(used.map((way) => [way.name, 0]));
    for (const model of models) {
      const cells = used.map((way) => {
        const counts = countOf(reads, model, way);
        right.set(way.name, (right.get(way.name) ?? 0) + counts.right);
        return `${counts.right} / ${counts.abstained} / ${counts.wrong}`.padStart(17);
      });
      console.log(`  ${model.padEnd(40)}${cells.join('')}`);
    }
    const behind: string[] = [];
    for (const [panel, membersOf] of Object.entries(panels)) {
      const won = new Map(used.map((way) => [way.name, pluralityOf(reads, membersOf(models), way)]));
      if ((won.get('math, whole') ?? 0) < (won.get('numeric') ?? 0) && isWhole)
        behind.push(`${name}: ${panel}: math with a check for whole numbers wins fewer votes than numeric`);
      const cells = [...won.values()].map((count) => percent(count, reads.length).padStart(17));
      console.log(`  ${`plurality right, ${panel}`.padEnd(40)}${cells.join('')}`);
    }
    const met = new Map(used.map((way) => [way.name, pairsOf(reads, way)]));
    console.log(
      `  ${`pairs of right answers that meet, of ${met.get('math')?.pairs}`.padEnd(40)}${[...met.values()].map((pair) => percent(pair.met, pair.pairs).padStart(17)).join('')}`,
    );
    const ofMath = met.get('math');
    return [
      ...behind,
      ...(ofMath !== undefined && ofMath.met < leastMet * ofMath.pairs
        ? [`${name}: fewer than ${percent(leastMet, 1)} of the pairs of right answers meet`]
        : []),
      ...(isWhole && (right.get('math') ?? 0) < (right.get('numeric') ?? 0)
        ? [
            `${name}: math reads fewer right answers than numeric: ${right.get('math')}, not ${right.get('numeric')}`,
          ]
        : []),
      ...(questions.some(({ expected }) => mathKey(expected) === undefined)
        ? [`${name}: a right answer is not read`]
        : []),
    ];
  });
