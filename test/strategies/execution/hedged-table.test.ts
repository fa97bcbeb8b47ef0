import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  createEnsemble,
  type HedgedOptions,
  hedged,
  InvalidRequestError,
  type ModelDelta,
  type ModelResponse,
  ProviderError,
  RateLimitError,
} from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { documentedRows } from '../../policies/documented-rows.ts';

interface Row {
  readonly options?: HedgedOptions;
  readonly error?: Error;
  /** What each model does, and when it is asked and let go of. */
  readonly calls: readonly (readonly [call: string, subscriptions: readonly string[]])[];
  readonly unsubscribeAt?: string;
  readonly expected: string;
}

const said: Readonly<Record<string, ModelResponse | ModelDelta>> = {
  '4': { text: '4' },
  '5': { text: '5' },
  _: { text: ' ' },
  d: { delta: '4' },
};
const failing = (error: Error): Row => ({
  error,
  calls: [
    ['-#', ['^!']],
    ['--5|', ['-^-!']],
  ],
  expected: '---5',
});
const nobodyElse: Row['calls'][number] = ['-', []];

/** The table of the page, row by row. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  'an answer before the delay': [{ calls: [['--4|', ['^-!']], nobodyElse], expected: '--4' }],
  'no answer at the delay': [
    {
      calls: [
        ['---------4|', ['^----!']],
        ['--5|', ['---^-!']],
      ],
      expected: '-----5',
    },
  ],
  'a late answer before that of the hedge': [
    {
      calls: [
        ['----4|', ['^---!']],
        ['---5|', ['---^!']],
      ],
      expected: '----4',
    },
  ],
  'a transient failure (429, 5xx, timeout)': [
    failing(new RateLimitError('m0', 'slow', { isRetryable: true })),
    failing(new ProviderError('m0', 'down', { isRetryable: true })),
    {
      // The time limit of a call is 8.
      options: { hedgeDelayMs: 9 },
      calls: [
        ['---------4|', ['^-------!']],
        ['--5|', ['--------^-!']],
      ],
      expected: '----------5',
    },
  ],
  'a permanent failure (authentication, invalid request)': [
    failing(new AuthenticationError('m0', 'no')),
    failing(new InvalidRequestError('m0', 'no')),
  ],
  'an abstention': [
    {
      calls: [
        ['-_|', ['^!']],
        ['--5|', ['-^-!']],
      ],
      expected: '---5',
    },
  ],
  'no answer at the delay, no hedge left in the budget': [
    { options: { maxExtraRatio: 0 }, calls: [['-----4|', ['^----!']], nobodyElse], expected: '-----4' },
    {
      options: { maxExtraRatio: 0 },
      calls: [
        ['-----#', ['^----!']],
        ['--5|', ['-----^-!']],
      ],
      expected: '-------5',
    },
  ],
  "the first token before the delay, with `on: 'firstToken'`": [
    { options: { on: 'firstToken' }, calls: [['-d-----4|', ['^------!']], nobodyElse], expected: '-------4' },
  ],
  "no first token at the delay, with `on: 'firstToken'`": [
    {
      options: { on: 'firstToken' },
      calls: [
        ['----d---4|', ['^-----!']],
        ['-d-5|', ['---^--!']],
      ],
      expected: '------5',
    },
    {
      options: { on: 'firstToken' },
      calls: [
        ['----d4|', ['^----!']],
        ['-d----5|', ['---^-!']],
      ],
      expected: '-----4',
    },
  ],
  "no answer at the delay, with `to: 'same'`": [
    {
      options: { to: 'same', maxHedges: 1 },
      calls: [['------4|', ['^-----!', '---^--!']], nobodyElse],
      expected: '------4',
    },
  ],
  "a failure, with `to: 'same'`": [
    {
      options: { to: 'same' },
      error: new ProviderError('m0', 'down', { isRetryable: true }),
      calls: [
        ['-#', ['^!']],
        ['--5|', ['-^-!']],
      ],
      expected: '---5',
    },
  ],
  'every call fails': [
    {
      options: { maxHedges: 1 },
      calls: [['-#', ['^!']], ['-#', ['-^!']], nobodyElse],
      expected: '--#',
    },
  ],
  'the prediction is cancelled': [
    {
      calls: [
        ['---------4|', ['^----!']],
        ['---------5|', ['---^-!']],
      ],
      unsubscribeAt: '^----!',
      expected: '------',
    },
  ],
};

describe('the table of hedged', () => {
  it('has the rows of its page', () => {
    expect(documentedRows('../executions/hedged')).toStrictEqual(Object.keys(rows));
  });

  for (const [response, cases] of Object.entries(rows)) {
    it.each(cases.map((row, index) => [index, row] as const))(
      `${response}, case %i`,
      (_, { options, error, calls, unsubscribeAt, expected }) =>
        marbles((m) => {
          const answers = calls.map(([call]) => m.cold(call, said, error ?? new Error('no')));
          const ensemble = createEnsemble({
            models: answers.map((answer$, index) => ({ id: `m${index}`, call: () => answer$ })),
            execution: hedged({ hedgeDelayMs: 3, ...options }),
            timeoutMs: 8,
          });
          const answer$ = ensemble.predict$('?').pipe(map(({ answer }) => answer));
          if (expected.endsWith('#')) {
            const failure = expect.objectContaining({ name: 'AllModelsFailedError' });
            m.expect(answer$).toBeObservable(expected, {}, failure);
          } else {
            m.expect(answer$, unsubscribeAt).toBeObservable(expected.replace(/\d$/, '($&|)'));
          }
          answers.forEach((answer, index) => {
            m.expect(answer).toHaveSubscriptions([...(calls[index]?.[1] ?? [])]);
          });
        })(),
    );
  }
});
