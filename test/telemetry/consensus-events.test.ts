import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  attachHandlers,
  consensus,
  createEnsemble,
  decided,
  defineModel,
  type EnsembleEvent,
  type EnsembleOptions,
  hedged,
  type PredictionMetadata,
  sequential,
  unanimous,
} from '../../src/index.ts';
import { disorderIn } from './events-of.ts';

type Told = Pick<PredictionMetadata, 'consensus' | 'threshold' | 'stoppedBy'> & { readonly type: string };

const FAILS = 'fails';

const modelsOf = (texts: readonly string[]) =>
  texts.map((text, index) =>
    defineModel(`m${index}`, () => {
      if (text === FAILS) throw new Error('down');
      return text === 'hangs' ? new Promise<never>(() => {}) : text;
    }),
  );

/** What the events tell of the consensus on the answers of a panel, and what the prediction tells. */
const toldOf = async (texts: readonly string[], options: Partial<EnsembleOptions>) => {
  const ensemble = createEnsemble({ models: modelsOf(texts), ...options } as EnsembleOptions);
  const events: EnsembleEvent[] = [];
  ensemble.events$.subscribe((event) => events.push(event));
  const metadata = await ensemble.predict('?').then(
    (prediction) => prediction.metadata,
    () => undefined,
  );
  expect(disorderIn(events)).toStrictEqual([]);
  const told = events.flatMap((event): Told[] =>
    event.type === 'consensus:reached' || event.type === 'consensus:failed' ? [event] : [],
  );
  return { told, metadata, types: events.map(({ type }) => type) };
};

describe('the consensus of a prediction with a threshold', () => {
  it.each<readonly [what: string, texts: readonly string[], options: Partial<EnsembleOptions>, told: Told]>([
    [
      'five different answers, one after the other',
      ['a', 'b', 'c', 'd', 'e'],
      { execution: sequential({ minConsensus: 0.9 }) },
      { type: 'consensus:failed', consensus: 0.2, threshold: 0.9, stoppedBy: 'completion' },
    ],
    [
      'two that agree, one after the other',
      ['a', 'a', 'c'],
      { execution: 'sequential' },
      { type: 'consensus:reached', consensus: 1, threshold: 0.7, stoppedBy: 'rule' },
    ],
    [
      'a share of the panel that is reached',
      ['a', 'a', 'b', 'a'],
      { earlyStop: 0.5 },
      { type: 'consensus:reached', consensus: 1, threshold: 0.5, stoppedBy: 'rule' },
    ],
    [
      'a share of the panel that is not reached',
      ['a', 'a', 'b', 'c'],
      { earlyStop: 0.6 },
      { type: 'consensus:failed', consensus: 0.5, threshold: 0.6, stoppedBy: 'completion' },
    ],
    [
      'any of two rules, the lower threshold',
      ['a', 'b', 'a'],
      { earlyStop: anyOf(consensus(0.9), consensus(0.6), decided()) },
      { type: 'consensus:reached', consensus: 2 / 3, threshold: 0.6, stoppedBy: 'rule' },
    ],
    [
      'all of two rules, the higher threshold',
      ['a', 'b', 'a'],
      { earlyStop: allOf(consensus(0.9), consensus(0.6)) },
      { type: 'consensus:failed', consensus: 2 / 3, threshold: 0.9, stoppedBy: 'completion' },
    ],
    [
      'the rules of the execution and of the ensemble, the lower threshold',
      ['a', 'b', 'a'],
      { execution: sequential({ minConsensus: 0.9 }), earlyStop: 0.6 },
      { type: 'consensus:reached', consensus: 2 / 3, threshold: 0.6, stoppedBy: 'rule' },
    ],
    [
      'unanimity',
      ['a', 'a'],
      { strategy: 'unanimous' },
      { type: 'consensus:reached', consensus: 1, threshold: 1, stoppedBy: 'completion' },
    ],
    [
      'no unanimity, because of a dissent',
      ['a', 'b', 'a'],
      { strategy: 'unanimous' },
      { type: 'consensus:failed', consensus: 2 / 3, threshold: 1, stoppedBy: 'completion' },
    ],
    [
      'no unanimity, because of a member that fails',
      ['a', FAILS, 'a'],
      { strategy: 'unanimous' },
      { type: 'consensus:failed', consensus: 2 / 3, threshold: 1, stoppedBy: 'completion' },
    ],
    [
      'unanimity of the votes',
      ['a', FAILS, 'a'],
      { strategy: unanimous({ of: 'votes' }) },
      { type: 'consensus:reached', consensus: 1, threshold: 1, stoppedBy: 'completion' },
    ],
    [
      'a deadline before the threshold',
      ['a', 'hangs', 'b'],
      { earlyStop: 0.9, deadlineMs: 1 },
      { type: 'consensus:failed', consensus: 0.5, threshold: 0.9, stoppedBy: 'deadline' },
    ],
  ])('is told: %s', async (_, texts, options, { type, ...end }) => {
    const { told, metadata } = await toldOf(texts, options);
    expect(told).toEqual([expect.objectContaining({ type, ...end })]);
    if (metadata !== undefined) expect(metadata).toMatchObject(end);
  });
});

describe('the consensus of a prediction without a threshold', () => {
  it.each<
    readonly [what: string, options: Partial<EnsembleOptions>, stoppedBy: PredictionMetadata['stoppedBy']]
  >([
    ['parallel', {}, 'completion'],
    ['decided', { earlyStop: 'decided' }, 'rule'],
    ['hedged', { execution: hedged() }, 'rule'],
    ['a rule of the caller', { earlyStop: ({ successes }) => successes === 2 }, 'rule'],
  ])('is not told, but what ended the election is: %s', async (_, options, stoppedBy) => {
    const { told, metadata, types } = await toldOf(['a', 'a', 'a'], options);
    expect(told).toEqual([]);
    expect(types).toContain('vote:complete');
    expect(metadata?.stoppedBy).toBe(stoppedBy);
    expect(metadata).not.toHaveProperty('threshold');
  });

  it('is told if the votes have no winner', async () => {
    const strategy = () => ({ answer: undefined, consensus: 0.5, votes: {} });
    const { told } = await toldOf(['a', 'b'], { strategy });
    expect(told).toEqual([expect.objectContaining({ type: 'consensus:failed', consensus: 0.5 })]);
    expect(told[0]).not.toHaveProperty('threshold');
  });
});

/** As `EnsembleMonitor` of the library for Elixir, with its handlers and its fields. */
describe('a monitor', () => {
  const monitored = async (questions: readonly (readonly string[])[]) => {
    const warnings: string[] = [];
    let metrics: { readonly consensus: number; readonly successes: number; readonly failures: number }[] = [];
    for (const texts of questions) {
      const ensemble = createEnsemble({
        models: modelsOf(texts),
        execution: sequential({ minConsensus: 0.75 }),
        minResponses: 1,
      });
      attachHandlers(ensemble, {
        'predict:stop': ({ consensus: share, successes, failures }) => {
          metrics = [...metrics, { consensus: share, successes, failures }].slice(-1000);
          if (share < 0.5) warnings.push(`low consensus ${share.toFixed(2)}`);
          if (failures > successes) warnings.push('more failures than successes');
        },
        'consensus:failed': ({ consensus: share, threshold }) =>
          warnings.push(`consensus failed: ${share.toFixed(2)} of ${threshold}`),
      });
      await ensemble.predict('?').catch(() => undefined);
    }
    return { warnings, metrics };
  };

  it('fires when it should, and at no other time', async () => {
    expect(
      (
        await monitored([
          ['a', 'a', 'b'],
          ['a', 'b', 'a', 'a'],
        ])
      ).warnings,
    ).toEqual([]);
    expect((await monitored([['a', 'b', 'a']])).warnings).toEqual(['consensus failed: 0.67 of 0.75']);
    expect((await monitored([['a', 'b', 'c']])).warnings).toEqual([
      'consensus failed: 0.33 of 0.75',
      'low consensus 0.33',
    ]);
    expect((await monitored([['a', FAILS, FAILS]])).warnings).toEqual(['more failures than successes']);
    expect(
      (
        await monitored([
          ['a', 'a'],
          ['a', 'b'],
        ])
      ).metrics,
    ).toEqual([
      { consensus: 1, successes: 2, failures: 0 },
      { consensus: 0.5, successes: 2, failures: 0 },
    ]);
  });
});
