import { catchError, concatMap, map, of, range, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  type EnsembleOptions,
  type Execution,
  hedged,
  hedgeEach,
  type Model,
  type NoPredictionError,
  type Outcome,
  ProviderError,
  parallel,
} from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

/** The accounts of predictions in virtual time, one after the other or so many at a time. */
const accountsOf = (count: number, options: EnsembleOptions): (readonly Outcome[])[] => {
  const { predict$ } = createEnsemble(options);
  const accounts: (readonly Outcome[])[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    range(0, count)
      .pipe(
        concatMap((index) =>
          predict$(String(index)).pipe(
            map(({ outcomes }) => outcomes),
            catchError((error: NoPredictionError) => of(error.outcomes)),
          ),
        ),
      )
      .subscribe((outcomes) => accounts.push(outcomes));
    flush();
  });
  return accounts;
};

const callsIn = (accounts: readonly (readonly Outcome[])[]): number =>
  accounts.reduce((sum, outcomes) => sum + outcomes.length, 0);

/** A model that takes so long for the question "7". */
const taking = (id: string, latencyMs: (question: number) => number, provider?: string): Model => ({
  id,
  ...(provider !== undefined && { provider }),
  call: ({ prompt }) => timer(latencyMs(Number(prompt))).pipe(map(() => ({ text: '4' }))),
});

const down = new ProviderError('somebody', 'down', { isRetryable: true });

const dead = (id: string, provider?: string): Model => ({
  id,
  ...(provider !== undefined && { provider }),
  call: () => timer(1).pipe(concatMap(() => throwError(() => down))),
});

describe('a learned hedge delay', () => {
  it('is the fixed one until the execution is warm, and follows the latencies from then on', () => {
    // The 31st call hangs: it is hedged at the percentile of the thirty before it, and not at 500.
    const a = taking('a', (question) => (question === 30 ? 5000 : question === 3 ? 700 : 100));
    const b = taking('b', () => 10);
    const execution = hedged({ hedgeDelayMs: 500, delay: { warmUpCalls: 20 }, maxExtraRatio: 1 });
    const accounts = accountsOf(31, { models: [a, b], execution });
    expect(accounts[3]).toMatchObject([
      { model: 'a', status: 'cancelled', latencyMs: 510 },
      { model: 'b', status: 'answered' },
    ]);
    expect(accounts[29]).toHaveLength(1);
    const [late] = accounts[30] as [Outcome];
    expect(late).toMatchObject({ model: 'a', status: 'cancelled' });
    expect(late.latencyMs).toBeGreaterThan(100);
    expect(late.latencyMs).toBeLessThan(115);
  });

  it('lives with the execution: shared by the ensembles that are given it, made anew by each `hedged`', () => {
    const a = taking('a', (question) => (question === 20 ? 900 : 100));
    const b = taking('b', () => 10);
    const make = () => hedged({ delay: { warmUpCalls: 20 }, maxExtraRatio: 1 });
    const shared = make();
    const asked = (execution: Execution) => {
      accountsOf(20, { models: [a, b], execution: shared });
      let account: readonly Outcome[] = [];
      new TestScheduler(() => undefined).run(({ flush }) => {
        createEnsemble({ models: [a, b], execution })
          .predict$('20')
          .subscribe(({ outcomes }) => {
            account = outcomes;
          });
        flush();
      });
      return account.map(({ model }) => model);
    };
    expect(asked(shared)).toStrictEqual(['a', 'b']);
    expect(asked(make())).toStrictEqual(['a']);
  });

  it('learns when the first token comes, where that is what is waited for', () => {
    const streaming = (id: string): Model => ({
      id,
      call: ({ prompt, wantsDeltas }) => {
        expect(wantsDeltas).toBe(true);
        const firstTokenMs = prompt === '30' ? 400 : 20;
        return timer(firstTokenMs, 1000).pipe(map((piece) => (piece === 0 ? { delta: '4' } : { text: '4' })));
      },
    });
    const execution = hedged({ delay: { warmUpCalls: 20 }, maxExtraRatio: 1, on: 'firstToken' });
    const accounts = accountsOf(31, { models: ['a', 'b'].map(streaming), execution });
    expect(accounts.slice(0, 30).every((outcomes) => outcomes.length === 1)).toBe(true);
    expect(accounts[30]).toHaveLength(2);
  });

  it('is not drawn down by calls that fail at once', () => {
    const wavering: Model = {
      id: 'a',
      call: (request) =>
        (Number(request.prompt) % 2 === 0 ? dead('a') : taking('a', () => 100)).call(request),
    };
    const execution = hedged({ delay: { percentile: 40, warmUpCalls: 20 }, maxExtraRatio: 1, maxHedges: 1 });
    const accounts = accountsOf(200, { models: [wavering, taking('b', () => 10)], execution });
    // Every other call fails after 1 ms; of those that answer, none is quicker than 100.
    expect(accounts.filter(([first]) => first?.status === 'cancelled')).toStrictEqual([]);
    expect(accounts.filter(([first]) => first?.status === 'answered')).toHaveLength(100);
  });

  it('is not drawn down by members that a quorum cancels', () => {
    // Most often `c` is cancelled at the 100 ms of the two that decide; when `a` hangs, its 1000 ms are waited for.
    const hangs = (question: number) => question % 25 === 24;
    const models = [
      taking('a', (question) => (hangs(question) ? 1500 : 100)),
      taking('b', () => 100),
      taking('c', (question) => (question % 5 === 0 ? 50 : 1000)),
    ];
    const execution = hedgeEach({ hedgeDelayMs: 5000, delay: { percentile: 90 }, maxExtraRatio: 1 })(
      parallel(),
    );
    const accounts = accountsOf(1000, { models, execution, earlyStop: 'decided' });
    const callsOf = (id: string) => callsIn(accounts.map((all) => all.filter(({ model }) => model === id)));
    // `a` is asked again whenever it hangs, once that is known to be rare; at 100 ms, `c` would be, too.
    expect(callsOf('a')).toBeGreaterThan(1030);
    expect(callsOf('c')).toBeLessThanOrEqual(1002);
  });
});

describe('the budget of hedges', () => {
  const slow = taking('slow', () => 100);
  const quick = taking('quick', () => 10);

  it('lets through what the calls earn, and ten that were saved up', () => {
    const execution = hedged({ hedgeDelayMs: 20, maxExtraRatio: 0.05 });
    const accounts = accountsOf(1000, { models: [slow, quick], execution });
    expect(callsIn(accounts) - 1000).toBe(50);
    const unbounded = accountsOf(100, {
      models: [slow, quick],
      execution: hedged({ hedgeDelayMs: 20 }),
    });
    expect(callsIn(unbounded) - 100).toBe(100);
  });

  it('lets no hedge through where it is 0, and still follows a failure', () => {
    const execution = hedged({ hedgeDelayMs: 20, maxExtraRatio: 0 });
    expect(callsIn(accountsOf(100, { models: [slow, quick], execution }))).toBe(100);
    expect(callsIn(accountsOf(1, { models: [dead('a'), quick], execution }))).toBe(2);
  });

  it('counts each member of a hedged panel', () => {
    const execution = hedgeEach({ hedgeDelayMs: 20, maxExtraRatio: 0.05 })(parallel());
    const models = ['a', 'b'].map((id) => taking(id, () => 100));
    expect(callsIn(accountsOf(500, { models, execution })) - 1000).toBe(50);
  });

  it('keeps 10,000 predictions in a total outage within 1.2 calls each', { timeout: 60_000 }, () => {
    const execution = hedged({ delay: { percentile: 95 }, maxHedges: 2 });
    const accounts = accountsOf(10_000, { models: ['a', 'b', 'c'].map((id) => dead(id)), execution });
    const calls = callsIn(accounts);
    expect(calls / 10_000).toBeGreaterThan(1.05);
    expect(calls / 10_000).toBeLessThanOrEqual(1.2);
    // The rest is final at the failure of the first.
    expect(accounts.at(-1)?.[0]?.status).toBe('failed');
  });

  it('keeps an outage in which nobody answers before the time limit within 1.2 calls each, too', () => {
    const execution = hedged({ hedgeDelayMs: 5, delay: {}, maxHedges: 2 });
    const models = ['a', 'b', 'c'].map((id) => taking(id, () => 1e6));
    const calls = callsIn(accountsOf(2000, { models, execution, timeoutMs: 50 }));
    expect(calls / 2000).toBeGreaterThan(1.1);
    expect(calls / 2000).toBeLessThanOrEqual(1.2);
  });

  it('follows every failure of the first model for as long as the next one answers', () => {
    const execution = hedged({ delay: {} });
    const accounts = accountsOf(500, { models: [dead('a'), quick], execution });
    expect(accounts.every((outcomes) => outcomes.at(-1)?.status === 'answered')).toBe(true);
  });
});

describe('whom a hedge asks', () => {
  const order = (models: readonly Model[], execution: Execution) =>
    accountsOf(1, { models, execution, timeoutMs: 1000 })[0]
      ?.toSorted((a, b) => b.latencyMs - a.latencyMs)
      .map(({ model }) => model);
  const hung = (id: string, provider?: string) => taking(id, () => 1e6, provider);

  it('is first of all a provider that was not asked, then the order of the panel', () => {
    const models = [hung('a', 'x'), hung('b', 'x'), hung('c', 'y'), hung('d', 'x')];
    const outcomes = accountsOf(1, {
      models,
      execution: hedged({ hedgeDelayMs: 10, maxHedges: 3 }),
      deadlineMs: 100,
    })[0];
    const started = outcomes?.toSorted((a, b) => b.latencyMs - a.latencyMs).map(({ model }) => model);
    expect(started).toStrictEqual(['a', 'c', 'b', 'd']);
  });

  it('is another provider after a failure as well', () => {
    const models = [dead('a', 'x'), dead('b', 'x'), taking('c', () => 5, 'y')];
    expect(order(models, hedged({ hedgeDelayMs: 10 }))).toStrictEqual(['c', 'a']);
  });

  it('is the next one where nobody says who provides', () => {
    const models = [dead('a'), taking('b', () => 5), taking('c', () => 5, 'y')];
    expect(order(models, hedged({ hedgeDelayMs: 10 }))).toStrictEqual(['b', 'a']);
  });
});

describe('hedged to the same model', () => {
  it(
    'hedges at most `maxHedges` times in all, also over the models that follow a failure',
    marbles((m) => {
      const a = m.cold('-----#      ');
      const b = m.cold('  --------4| ', responses);
      const execution = hedged({ hedgeDelayMs: 2, maxHedges: 1, to: 'same' });
      const { predict$ } = createEnsemble({ models: [scripted('a', a), scripted('b', b)], execution });
      m.expect(predict$('?').pipe(map(({ answer }) => answer))).toBeObservable('---------------(4|)');
      m.expect(a).toHaveSubscriptions(['^----!', '--^----!']);
      m.expect(b).toHaveSubscriptions(['-------^-------!']);
    }),
  );

  it(
    'starts anew for each subscription',
    marbles((m) => {
      const a = m.cold('----4|', responses);
      const execution = hedged({ hedgeDelayMs: 2, maxHedges: 1, to: 'same' });
      const answer$ = createEnsemble({ models: [scripted('a', a)], execution })
        .predict$('?')
        .pipe(map(({ answer }) => answer));
      m.expect(answer$).toBeObservable('----(4|)');
      m.expect(answer$, '------^').toBeObservable('----------(4|)');
      m.expect(a).toHaveSubscriptions(['^---!', '--^-!', '------^---!', '--------^-!']);
    }),
  );
});

describe('a schedule that has denied a hedge', () => {
  it('goes on where more votes are wanted, and ends where there is nobody left to ask', () => {
    const models = ['a', 'b', 'c'].map((id) => taking(id, () => 100));
    const execution = hedged({ hedgeDelayMs: 10, maxExtraRatio: 0 });
    const [outcomes] = accountsOf(1, { models, execution, minResponses: 2 });
    expect(outcomes?.map(({ status }) => status)).toStrictEqual(['answered', 'answered']);
    const [failed] = accountsOf(1, { models: [dead('a'), dead('b')], execution });
    expect(failed?.map(({ status }) => status)).toStrictEqual(['failed', 'failed']);
  });
});
