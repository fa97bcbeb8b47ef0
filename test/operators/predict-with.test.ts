import { map, type Observable } from 'rxjs';
import type { Context } from 'rxjs-marbles';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Ensemble, type ModelResponse } from '../../src/index.ts';
import { predictWith } from '../../src/operators/operators.ts';
import { marbles } from '../marbles.ts';

/** An ensemble of one model that answers each question by its own diagram. */
const answering = (answers: Readonly<Record<string, Observable<ModelResponse>>>): Ensemble<string> =>
  createEnsemble({
    models: [{ id: 'a', call: ({ prompt }) => answers[prompt] as Observable<ModelResponse> }],
  });

const said = Object.fromEntries(['p', 'q', 'r'].map((text) => [text, { text }]));

describe('predictWith', () => {
  it(
    'gives predictions in the order of the queries',
    marbles((m) => {
      const queries = m.cold('pq-------r-|     ');
      const p = m.cold('      ----p|           ', said);
      const pSubs = '         ^---!            ';
      const q = m.cold('       -q|             ', said);
      const qSubs = '         -^!              ';
      const r = m.cold('               ---r|   ', said);
      const rSubs = '         ---------^--!    ';
      const expected = '      ----(pq)----(r|) ';

      const texts$ = queries.pipe(
        predictWith(answering({ p, q, r })),
        map(({ text }) => text),
      );
      m.expect(texts$).toBeObservable(expected);
      m.expect(p).toHaveSubscriptions(pSubs);
      m.expect(q).toHaveSubscriptions(qSubs);
      m.expect(r).toHaveSubscriptions(rSubs);
    }),
  );

  it(
    'gives them as they complete where no order is asked for',
    marbles((m) => {
      const queries = m.cold('pq-------r-|     ');
      const p = m.cold('      ----p|           ', said);
      const q = m.cold('       -q|             ', said);
      const r = m.cold('               ---r|   ', said);
      const expected = '      --q-p-------(r|) ';

      const texts$ = queries.pipe(
        predictWith(answering({ p, q, r }), { ordered: false }),
        map(({ text }) => text),
      );
      m.expect(texts$).toBeObservable(expected);
    }),
  );

  it.each([true, false])(
    'asks no more than `concurrency` queries at a time (ordered: %s)',
    marbles((m: Context, ordered: boolean) => {
      const queries = m.cold('(pqr|)           ');
      const p = m.cold('      ----p|           ', said);
      const pSubs = '         ^---!            ';
      const q = m.cold('      -----q|          ', said);
      const qSubs = '         ^----!           ';
      const r = m.cold('          ---r|        ', said);
      const rSubs = '         ----^--!         ';
      const expected = '      ----pq-(r|)      ';

      const texts$ = queries.pipe(
        predictWith(answering({ p, q, r }), { concurrency: 2, ordered }),
        map(({ text }) => text),
      );
      m.expect(texts$).toBeObservable(expected);
      m.expect(p).toHaveSubscriptions(pSubs);
      m.expect(q).toHaveSubscriptions(qSubs);
      m.expect(r).toHaveSubscriptions(rSubs);
    }),
  );

  it(
    'errors with the first query that has no prediction, and aborts the others',
    marbles((m) => {
      const queries = m.cold('pqr--------|     ');
      const p = m.cold('      -p|              ', said);
      const q = m.cold('       ---#            ');
      const r = m.cold('        -------r|      ', said);
      const rSubs = '         --^-!            ';
      const expected = '      -p--#            ';

      const texts$ = queries.pipe(
        predictWith(answering({ p, q, r })),
        map(({ text }) => text),
      );
      m.expect(texts$).toBeObservable(expected, undefined, {
        name: 'AllModelsFailedError',
        message: 'all models failed: a: the call failed with a value that is not an error',
      });
      m.expect(r).toHaveSubscriptions(rSubs);
    }),
  );

  it(
    'replaces a query without a prediction in its place, or leaves it out',
    marbles((m) => {
      const queries = m.cold('pqr|             ');
      const p = m.cold('      ---#             ');
      const q = m.cold('       -q|             ', said);
      const r = m.cold('        -#             ');
      const expected = '      ---(xq|)         ';

      const texts$ = queries.pipe(
        predictWith(answering({ p, q, r }), {
          onError: (_, query) => (query === 'p' ? { text: 'x' } : undefined),
        }),
        map(({ text }) => text),
      );
      m.expect(texts$).toBeObservable(expected);
    }),
  );

  it(
    'aborts what is in flight when it is unsubscribed',
    marbles((m) => {
      const queries = m.cold('pq---------|     ');
      const p = m.cold('      -------p|        ', said);
      const pSubs = '         ^--!             ';
      const q = m.cold('       -------q|       ', said);
      const qSubs = '         -^-!             ';
      const unsub = '         ^--!             ';

      m.expect(queries.pipe(predictWith(answering({ p, q }))), unsub).toBeObservable('----');
      m.expect(p).toHaveSubscriptions(pSubs);
      m.expect(q).toHaveSubscriptions(qSubs);
    }),
  );

  it('refuses options that cannot work', () => {
    expect(() => predictWith(answering({}), { concurrency: 0 })).toThrow(
      'predictWith: option "concurrency" must be an integer of at least 1, or Infinity, but got 0',
    );
  });
});
