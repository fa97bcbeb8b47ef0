// Three graders judge 60 answers, and pairs of them: one is severe, one prefers the first answer, one breaks.
import { defineModel } from 'crucible-ensemble';
import { needsReview } from 'crucible-ensemble/deciders';
import { gradeAll, jury, juryReport, juryTable } from 'crucible-ensemble/experiment';

// In place of real models. An answer of quality 4 says "quality 4", which each grader can read.

/** The texts that a grader is shown, by its prompt. */
const shownIn = (prompt: string): readonly string[] =>
  Array.from(prompt.matchAll(/<answer-\w-\w+>\n(.*)\n/g), ([, text = '']) => text);

const qualityOf = (text: string): number => Number(/quality (\d)/.exec(text)?.[1]);

/** A grader: what it takes off its grades, how often it breaks, and whether it prefers the first of two answers. */
const grader = (id: string, severity: number, breaksEvery: number, prefersFirst: boolean) => {
  let asked = 0;
  return defineModel(id, (prompt) => {
    asked += 1;
    if (asked % breaksEvery === 0) return 'As an AI model, I would rather not say.';
    const [first = 0, second] = shownIn(prompt).map(qualityOf);
    const grade =
      second === undefined
        ? Math.max(1, first - severity)
        : prefersFirst || first > second
          ? 'A'
          : first === second
            ? 'tie'
            : 'B';
    return { text: JSON.stringify({ reason: `This is what ${id} thinks.`, grade }), costUsd: 0.001 };
  });
};
const never = Number.POSITIVE_INFINITY;
const members = [
  grader('severe', 3, never, false),
  grader('first', 0, never, true),
  grader('flaky', 0, 4, false),
];

const answers = Array.from({ length: 60 }, (_, n) => ({
  id: `answer ${n}`,
  question: `How does part ${n} work?`,
  answer: `An answer of quality ${4 + (n % 6)}.`,
}));

// Numbers: the verdict is the median, and needs two of three jurors near it. `labels` are a person's own grades of a part.
const byNumber = jury({ members, scale: { from: 1, to: 9, within: 1 }, review: needsReview() });
const verdicts = await Array.fromAsync(gradeAll(byNumber, answers, { concurrency: 1 }));
const labels = new Map(answers.slice(0, 30).map(({ id, answer }) => [id, qualityOf(answer)]));
console.log('Grades from 1 to 9\n');
console.log(juryTable(juryReport(verdicts, { labels })));

const [marked] = verdicts.filter(({ review }) => review !== undefined);
console.log(`\nFor a person: ${marked?.item.id}, because ${marked?.review}\n`);

// Pairs: each in both orders, so that a preference for a place has no say.
const inPairs = jury({ members, scale: 'pairwise' });
const pairs = answers.map(({ id, question, answer }, n) => ({
  id,
  question,
  answers: [answer, `An answer of quality ${2 + ((5 * n) % 8)}.`] as const,
  competitors: ['new prompt', 'old prompt'] as const,
}));
const compared = await Array.fromAsync(gradeAll(inPairs, pairs, { concurrency: 1 }));
console.log('Pairs of answers\n');
console.log(juryTable(juryReport(compared)));
