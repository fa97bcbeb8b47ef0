import { concatMap, from, map, mergeMap, type Observable, of, toArray } from 'rxjs';
import type { Grouping, RefiningContext } from '../domain/grouping.ts';
import { endOf } from '../domain/missing-votes.ts';
import type { Model } from '../domain/model.ts';
import type { Outcome, Vote } from '../domain/outcome.ts';
import type { Conversation } from '../domain/request.ts';
import { DATA_RULE, dataTags } from '../models/data-tags.ts';
import { choice } from '../normalizers/choice.ts';
import { aModel, checked, reading, required, wholeNumber } from '../options.ts';
import { cache } from '../policies/cache.ts';
import { memoryStore } from '../policies/cache-store.ts';
import { inSlices } from '../time/in-slices.ts';
import { byMeaning, NotCompared } from './meaning/by-meaning.ts';
import { averageLinkage, VETO_EFFORT } from './meaning/linkage.ts';

/** Options of {@link byEquivalence}. */
export interface EquivalenceOptions {
  /** The model that compares two answers. */
  readonly judge: Model;
  /** How many pairs of one prediction are compared at most, at least 1. Default 200, all pairs of 20 different answers. */
  readonly maxPairs?: number;
  /** How many pairs are compared at the same time, at least 1. Default 8. */
  readonly concurrency?: number;
}

/** The replies of the judge that are kept, of all predictions. */
const MOST_REPLIES = 10_000;

/**
 * Groups the answers of which a model says that they say the same. It sees the question and two answers at a time, and is
 * asked about every pair of different answers, so it can also part answers with the same words. Only pairs with facts
 * that exclude each other, as {@link byContent} reads them, are different without it. Calls are made once, after the last call of a
 * member; stop rules see the groups of `byContent`.
 *
 * Each pair is asked about in both orders: only if the model says twice that they are the same, they are. If it says so in one
 * order alone, gives no readable verdict, or fails, the pair counts as different, and a warning says so. If it has no verdict
 * at all, the groups are those of `byContent`. Two groups become one
 * if more than half of the pairs between them are the same, the pairs that agree most first, then those that come first in the
 * panel. So if A is the same as B and B as C, but A is not the same as C, then A and B are a group without C.
 *
 * Costs one call for each pair that differs in the first order, and two for the others: for n different answers at most
 * n × (n − 1) calls with the role `judge`. Replies are kept for later predictions, the last 10,000: the same
 * question and pair then cost nothing. `refinement` in
 * the metadata of a prediction has the `answers`, the `pairs`, of these the `same`, the `remembered` and the
 * `undecided`, and how many others are `excluded`.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { byEquivalence } from 'crucible-ensemble/grouping';
 *
 * const saying = (id: string, text: string) => defineModel(id, () => text);
 * const judge = defineModel('judge', (question) => (/Verne|France/.test(question) ? 'different' : 'same'));
 * const ensemble = createEnsemble({
 *   models: [saying('a', 'George Eliot'), saying('b', 'Jules Verne'), saying('c', 'Mary Ann Evans')],
 *   grouping: byEquivalence({ judge }),
 * });
 * const { answer, metadata } = await ensemble.predict('Who wrote The Mill at Arden?');
 * answer; // => 'George Eliot'
 * metadata.votes; // => { 'George Eliot': 2, 'Jules Verne': 1 }
 * metadata.refinement; // => { answers: 3, pairs: 3, same: 1, remembered: 0, undecided: 0, excluded: 0 }
 * ```
 */
export const byEquivalence = (options: EquivalenceOptions): Grouping => {
  return reading('byEquivalence', () => {
    const { judge, maxPairs, concurrency } = checked('byEquivalence', options, {
      judge: required(aModel),
      maxPairs: [wholeNumber(1), 200],
      concurrency: [wholeNumber(1), 8],
    });
    const remembering = cache({ store: memoryStore(MOST_REPLIES) })(judge);
    return byMeaning('byEquivalence', ({ texts, exclude }, context) => {
      const verdictOnPair = ([one, other]: Pair): Observable<Compared> =>
        verdictOn([texts[one] as string, texts[other] as string], remembering, context).pipe(
          map((verdict) => ({ one, other, ...verdict })),
        );
      return inSlices(() => pairsAmong(texts.length, exclude, maxPairs)).pipe(
        concatMap(({ pairs, ...counts }) =>
          from(pairs).pipe(
            mergeMap(verdictOnPair, concurrency),
            toArray(),
            concatMap((compared) => {
              report(compared, { answers: texts.length, maxPairs, ...counts }, context);
              const same = new Set(
                compared.filter(({ isSame }) => isSame).map(({ one, other }) => `${one} ${other}`),
              );
              const likeness = (one: number, other: number): number =>
                same.has(`${one} ${other}`) ? 1 : exclude(one, other) ? Number.NEGATIVE_INFINITY : 0;
              return inSlices(() =>
                averageLinkage(texts.length, likeness, (share) => share > 0.5, VETO_EFFORT),
              );
            }),
          ),
        ),
      );
    });
  });
};

/** The positions of two answers. */
type Pair = readonly [one: number, other: number];

/** The pairs that a judge is asked about, those of the first answers first. */
interface Pairs {
  readonly pairs: readonly Pair[];
  /** How many pairs before the last one exclude each other. */
  readonly excluded: number;
  /** How many pairs follow. */
  readonly left: number;
}

function* pairsAmong(
  size: number,
  exclude: (one: number, other: number) => boolean,
  most: number,
): Generator<undefined, Pairs> {
  const pairs: Pair[] = [];
  let seen = 0;
  for (let other = 1; other < size; other += 1) {
    for (let one = 0; one < other && pairs.length < most; one += 1) {
      seen += 1;
      if (!exclude(one, other)) pairs.push([one, other]);
      if (seen % PAIRS_AT_ONCE === 0) yield;
    }
  }
  return { pairs, excluded: seen - pairs.length, left: (size * (size - 1)) / 2 - seen };
}

/** How many pairs are looked at between two yields. */
const PAIRS_AT_ONCE = 50;

/** The verdict on a pair, or the reason why there is none. */
type PairVerdict =
  | { readonly isSame: boolean; readonly isRemembered: boolean }
  | { readonly isSame?: undefined; readonly isRemembered?: undefined; readonly reason: string };

type Compared = PairVerdict & { readonly one: number; readonly other: number };

const readVerdict = choice(['same', 'different']);

const verdictOn = (
  [one, other]: readonly [string, string],
  judge: Model,
  { question, call }: RefiningContext,
): Observable<PairVerdict> => {
  const ask = (first: string, second: string): Observable<Outcome<'same' | 'different'>> =>
    call(judge, comparing(question, first, second), { role: 'judge', normalization: readVerdict });
  return ask(one, other).pipe(
    concatMap((outcome): Observable<PairVerdict> => {
      if (outcome.status !== 'answered') return of({ reason: endOf(outcome) });
      // In either order: a pair that may differ is kept apart.
      if (outcome.answer === 'different') return of({ isSame: false, isRemembered: isRemembered(outcome) });
      return ask(other, one).pipe(
        map((second): PairVerdict => {
          if (second.status !== 'answered') return { reason: endOf(second) };
          return second.answer === 'same'
            ? { isSame: true, isRemembered: isRemembered(outcome) && isRemembered(second) }
            : { reason: 'it contradicts itself' };
        }),
      );
    }),
  );
};

const isRemembered = ({ response }: Vote): boolean => response.cached !== undefined;

const comparing = (question: string, first: string, second: string): Conversation => {
  const tagged = dataTags([question, first, second]);
  return {
    system:
      'You compare two answers to a question. They are the same if they give the same answer to the question: one who accepts ' +
      'the first must accept the second. Other words, more words, and details besides what is asked make no difference. They are ' +
      'different if one gives another answer, gives several where the other gives one, denies or replaces what the other says, ' +
      `or answers only a part of it. ${DATA_RULE} Reply with same or different alone.`,
    messages: [
      {
        role: 'user',
        content: [
          tagged('question', question),
          tagged('first-answer', first),
          tagged('second-answer', second),
          'Are the two answers the same? Reply with same or different.',
        ].join('\n\n'),
      },
    ],
  };
};

/** The reasons of the pairs without a verdict. */
const reasonsIn = (compared: readonly Compared[]): readonly string[] =>
  compared.flatMap((pair) => (pair.isSame === undefined ? [pair.reason] : []));

/** Different reasons, of which the first ones are shown. */
const shown = (reasons: readonly string[]): string => [...new Set(reasons)].slice(0, MOST_SHOWN).join('; ');

const MOST_SHOWN = 3;

const report = (
  compared: readonly Compared[],
  {
    answers,
    excluded,
    left,
    maxPairs,
  }: Pick<Pairs, 'excluded' | 'left'> & { readonly answers: number; readonly maxPairs: number },
  context: RefiningContext,
): void => {
  const undecided = reasonsIn(compared);
  context.report({
    answers,
    pairs: compared.length,
    same: compared.filter(({ isSame }) => isSame).length,
    remembered: compared.filter(({ isRemembered }) => isRemembered).length,
    undecided: undecided.length,
    excluded,
  });
  if (undecided.length > 0 && undecided.length === compared.length) throw new NotCompared(shown(undecided));
  if (undecided.length > 0)
    context.warn(
      `byEquivalence has no verdict on ${undecided.length} of ${compared.length} pairs, which count as different: ${shown(undecided)}`,
    );
  if (left > 0)
    context.warn(
      `byEquivalence did not compare ${left} pairs, which count as different: raise "maxPairs", which is ${maxPairs}`,
    );
};
