import { asyncScheduler, concatMap, from, identity, map, type Observable, observeOn, reduce } from 'rxjs';
import { textsToEmbed, vectorsOf } from '../domain/embeddings.ts';
import type { Grouping, RefiningContext } from '../domain/grouping.ts';
import { inParts } from '../domain/in-parts.ts';
import { endOf } from '../domain/missing-votes.ts';
import type { Model } from '../domain/model.ts';
import { abstain, type Normalizer } from '../domain/normalizer.ts';
import type { Outcome } from '../domain/outcome.ts';
import { aModel, between, checked, reading, required, suchThat, wholeNumber } from '../options.ts';
import { cache } from '../policies/cache.ts';
import { memoryStore } from '../policies/cache-store.ts';
import { inSlices } from '../time/in-slices.ts';
import { defineEmbedder, type EmbedFunction } from './define-embedder.ts';
import { byMeaning, NotCompared } from './meaning/by-meaning.ts';
import { averageLinkage, VETO_EFFORT } from './meaning/linkage.ts';

/** Options of {@link byEmbedding}. */
export interface EmbeddingOptions {
  /** An embedding model, such as `openaiEmbedder('text-embedding-3-small')`, or a function of the texts. */
  readonly embed: Model | EmbedFunction;
  /** The least cosine of the vectors of answers that say the same, from -1 to 1. Each embedding model has its own scale. */
  readonly threshold: number;
  /** How many texts a call has at most, at least 1. Default 100. */
  readonly batchSize?: number;
}

/** The responses that are kept, of all predictions: some megabytes. */
const MOST_RESPONSES = 200;

/**
 * Groups the answers with vectors in nearly the same direction, by any embedding model. The vectors are computed once, after
 * the last call of a member; stop rules see the groups of {@link byContent}.
 *
 * Two groups become one if the cosine of their answers is at least `threshold` on average, the most alike first, then those
 * that come first in the panel. A vector knows neither the question nor what is asked: answers about the same are alike, even
 * if they say opposite things. Find the threshold on answers of your own. Answers with facts that exclude each other, as
 * {@link byContent} reads them, are never in one group. If the call fails, the groups are those of `byContent`, and a warning
 * says so.
 *
 * Costs one call with the role `embedder` for the different answers of a prediction, up to `batchSize`; none if there are no
 * two. The last 200 responses are kept: the same answers of a later prediction then cost nothing.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { byEmbedding } from 'crucible-ensemble/grouping';
 *
 * // In place of an embedding model: how much of a text is about water, and how much about fire.
 * const embed = (texts: readonly string[]) => ({
 *   embeddings: texts.map((text) => [/river|wet|water/i.test(text) ? 1 : 0, /fire|hot|burn/i.test(text) ? 1 : 0]),
 *   costUsd: 0,
 * });
 * const ensemble = createEnsemble({
 *   models: ['A river.', 'Something wet', 'Hot ash'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   grouping: byEmbedding({ embed, threshold: 0.8 }),
 * });
 * const { metadata } = await ensemble.predict('What is the Ouse?');
 * metadata.votes; // => { 'A river.': 2, 'Hot ash': 1 }
 * ```
 */
export const byEmbedding = (options: EmbeddingOptions): Grouping => {
  return reading('byEmbedding', () => {
    const { embed, threshold, batchSize } = checked('byEmbedding', options, {
      embed: required(anEmbedder),
      threshold: required(between(-1, 1)),
      batchSize: [wholeNumber(1), 100],
    });
    const isFunction = typeof embed === 'function';
    const embedder = isFunction ? defineEmbedder('embedder', embed) : embed;
    const model = cache({ store: memoryStore(MOST_RESPONSES) })(embedder);
    return byMeaning('byEmbedding', ({ texts, exclude }, context) => {
      const question = isFunction ? context.question : undefined;
      // A model refuses blank texts.
      const places = [...texts.keys()].filter((place) => /\S/.test(texts[place] as string));
      const asked = places.map((place) => texts[place] as string);
      return vectorsFor(asked, { model, batchSize, question }, context).pipe(
        concatMap((vectors) => {
          return inSlices(function* () {
            const units: (Float32Array | undefined)[] = [];
            for (const [at, place] of places.entries()) {
              units[place] = unitOf(vectors[at] as Float32Array);
              yield;
            }
            return yield* averageLinkage(
              texts.length,
              (one, other) =>
                exclude(one, other) ? Number.NEGATIVE_INFINITY : cosine(units[one], units[other]),
              (average) => average >= threshold,
              VETO_EFFORT + (vectors[0]?.length ?? 0),
            );
          });
        }),
      );
    });
  });
};

const anEmbedder = suchThat(
  'an embedding model, or a function of texts that returns their vectors',
  (value) => typeof value === 'function' || aModel(value) === undefined,
);

interface Asked {
  readonly model: Model;
  readonly batchSize: number;
  /** For a function, which may need it; models embed the answers alone. */
  readonly question: string | undefined;
}

/** Asks for vectors in calls of at most `batchSize` texts, one after the other. Emits all of them. */
const vectorsFor = (
  texts: readonly string[],
  { model, batchSize, question }: Asked,
  { call }: RefiningContext,
): Observable<readonly Float32Array[]> => {
  // A batch of vectors takes milliseconds to be written, kept and read, so other code runs before it is read.
  const apart =
    texts.length > batchSize
      ? observeOn<Outcome<number>>(asyncScheduler)
      : identity<Observable<Outcome<number>>>;
  return from(inParts(texts, batchSize)).pipe(
    concatMap((batch) =>
      call(
        model,
        {
          ...(question !== undefined && question !== '' && { system: question }),
          messages: batch.map((content) => ({ role: 'user', content })),
        },
        { role: 'embedder', normalization: readVectors },
      ).pipe(apart),
    ),
    map((outcome) => {
      if (outcome.status !== 'answered') throw new NotCompared(`the call of the embedder ${endOf(outcome)}`);
      return vectorsOf(outcome.response, outcome.answer) as readonly Float32Array[];
    }),
    reduce<readonly Float32Array[], readonly Float32Array[]>((all, some) => [...all, ...some], []),
  );
};

/** Reads how many vectors there are, one for each text. */
const readVectors: Normalizer<number> = (_, { query, response }) => {
  const { length } = textsToEmbed(query);
  return vectorsOf(response, length) === undefined
    ? abstain(`the response has no ${length} vectors of the same length: pass an embedding model`)
    : length;
};

/** The vector of length 1 in the same direction. That of zeros stays. */
const unitOf = (vector: Float32Array): Float32Array => {
  const length = Math.sqrt(product(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
};

/** The cosine of two vectors of length 1. An answer without a vector is like no other. */
const cosine = (one: Float32Array | undefined, other: Float32Array | undefined): number => {
  if (one === undefined || other === undefined || one.length !== other.length)
    return Number.NEGATIVE_INFINITY;
  return product(one, other);
};

const product = (one: Float32Array, other: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
};
