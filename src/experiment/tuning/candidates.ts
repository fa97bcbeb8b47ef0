import type { BallotTable } from './ballot-table.ts';
import type { Candidate } from './candidate.ts';
import type { PanelExecution } from './panel.ts';
import type { RuleName } from './rules.ts';

/** Members and a rule, with the number of rows that are right if all are asked at once. */
export interface Ranked {
  readonly members: readonly number[];
  readonly rule: RuleName;
  readonly right: number;
}

/** A schedule that may be chosen. */
export type ScheduleName = PanelExecution['schedule'];

/** The maximum number of candidates of each kind that are compared in all executions. */
const SHORTLIST = { overall: 20, ofEachRule: 4, ofEachSize: 5, sizes: 4 } as const;

const best = (ranked: readonly Ranked[], count: number): readonly Ranked[] =>
  ranked.toSorted((a, b) => b.right - a.right || a.members.length - b.members.length).slice(0, count);

/**
 * Selects the candidates that are compared in all executions: each single model, all models together, and the best of all,
 * of each rule and of each small size.
 */
export const shortlist = (ranked: readonly Ranked[]): readonly Ranked[] => {
  const rules = Map.groupBy(ranked, ({ rule }) => rule);
  const sizes = Map.groupBy(ranked, ({ members }) => members.length);
  return Array.from(
    new Set([
      ...(sizes.get(1) ?? []),
      ...(sizes.get(Math.max(...sizes.keys())) ?? []),
      ...best(ranked, SHORTLIST.overall),
      ...Array.from(rules.values()).flatMap((some) => best(some, SHORTLIST.ofEachRule)),
      ...Array.from(sizes).flatMap(([size, some]) =>
        size <= SHORTLIST.sizes ? best(some, SHORTLIST.ofEachSize) : [],
      ),
    ]),
  );
};

/** The confidences at which no more models are asked. */
const THRESHOLDS = [0.8, 0.9, 0.95, 0.99] as const;

const knowsConfidence = (rule: RuleName, hasConfidences: boolean): boolean =>
  hasConfidences || !['majority', 'wawa'].includes(rule);

/**
 * Returns every execution for a panel. All at once takes more calls for the same answers, so it is left out if it may be.
 */
export const executionsOf = (
  { members, rule }: Pick<Ranked, 'members' | 'rule'>,
  schedules: readonly ScheduleName[],
  { hasConfidences }: BallotTable,
): readonly PanelExecution[] => {
  const isAlone = members.length === 1;
  if (isAlone || !schedules.includes('sequential')) return [atOnce(isAlone)];
  return [
    untilDecided,
    ...(knowsConfidence(rule, hasConfidences) ? THRESHOLDS : []).map(
      (threshold) => ({ schedule: 'sequential', stop: 'confident', threshold }) as const,
    ),
  ];
};

/**
 * Returns the cheapest execution for a panel that comes to the same as a full run, whether its answers are accepted or not.
 */
export const fullExecutionsOf = (
  { length }: readonly number[],
  schedules: readonly ScheduleName[],
): readonly PanelExecution[] => [
  schedules.includes('sequential') && length > 1 ? untilDecided : atOnce(length === 1),
];

const untilDecided: PanelExecution = { schedule: 'sequential', stop: 'decided' };

/** The execution that asks all members at once. */
export const atOnce = (isAlone: boolean): PanelExecution => ({
  schedule: 'parallel',
  stop: isAlone ? 'never' : 'decided',
});

/** The number of the best single models that are tried as the strong one. */
const STRONG_MODELS = 3;

/** Cheaper models, the strong one that decides if they do not agree, and what these do on some rows. */
interface Gate extends ReturnType<typeof tryGate> {
  readonly few: readonly number[];
  readonly strong: number;
}

/**
 * Makes the candidates that ask two or three cheaper models, and a strong one if these do not agree: for each of the
 * strongest models, of all pairs and triples of the models that cost less, or of all others if all costs are equal. Leaves
 * out those that another one beats in right answers and in cost or calls.
 */
export function* gates(
  singles: readonly Ranked[],
  table: BallotTable,
  places: readonly number[],
): Generator<unknown, Candidate[]> {
  const { meanCosts } = table;
  const isUniform = new Set(meanCosts).size === 1;
  const trials: Gate[] = [];
  for (const {
    members: [strong = 0],
  } of best(singles, STRONG_MODELS)) {
    const small = meanCosts.flatMap((cost, model) =>
      model !== strong && (isUniform || cost < (meanCosts[strong] ?? 0)) ? [model] : [],
    );
    const pairs = small.flatMap((a, index) => small.slice(index + 1).map((b) => [a, b]));
    const triples = pairs.flatMap(([a = 0, b = 0]) => small.filter((c) => c > b).map((c) => [a, b, c]));
    for (const few of [...pairs, ...triples]) {
      trials.push({ few, strong, ...tryGate(table, places, few, strong) });
      yield;
    }
  }
  const front = new Set([
    ...paretoFront(trials, ({ cost }) => cost),
    ...paretoFront(trials, ({ calls }) => calls),
  ]);
  return Array.from(front, ({ few, strong }) => ({
    members: [...few, strong].toSorted((a, b) => a - b),
    rule: 'majority',
    execution: { schedule: 'sequential', stop: 'agreement', votes: few.length },
    strong,
  }));
}

/**
 * Sums up what a gate does on some rows. A strong model that abstains counts as wrong, which is exact enough to compare
 * gates.
 */
const tryGate = (
  { models, answers, isRight, costs }: BallotTable,
  places: readonly number[],
  few: readonly number[],
  strong: number,
) => {
  let [right, cost, calls] = [0, 0, 0];
  const [first = 0] = few;
  for (let at = 0; at < places.length; at += 1) {
    const row = (places[at] ?? 0) * models.length;
    const answer = answers[row + first] ?? -1;
    let isAgreed = answer !== -1;
    for (let place = 0; place < few.length; place += 1) {
      const member = row + (few[place] ?? 0);
      if (answers[member] !== answer) isAgreed = false;
      cost += costs[member] ?? 0;
    }
    right += isRight[row + (isAgreed ? first : strong)] ?? 0;
    calls += few.length;
    if (isAgreed) continue;
    cost += costs[row + strong] ?? 0;
    calls += 1;
  }
  return { right, cost, calls };
};

/** Returns the trials that are right more often than all that cost no more. */
const paretoFront = <Trial extends { readonly right: number }>(
  trials: readonly Trial[],
  costOf: (trial: Trial) => number,
): readonly Trial[] => {
  let most = -1;
  return trials
    .toSorted((a, b) => costOf(a) - costOf(b) || b.right - a.right)
    .filter(({ right }) => {
      const leads = right > most;
      most = Math.max(most, right);
      return leads;
    });
};
