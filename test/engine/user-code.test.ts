import { EMPTY, merge, type Observable, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Model,
  majority,
  type NoPredictionError,
  type Schedule,
  type StreamEvent,
  UserCodeError,
  type Vote,
  type VoteFunction,
  type Voter,
} from '../../src/index.ts';

const bug = (): never => {
  throw new RangeError('a bug of the user’s own');
};

const paid = (id: string, text = '4'): Model => defineModel(id, async () => ({ text, costUsd: 0.5 }));

const panel = [paid('a'), paid('b', '5'), defineModel('c', () => new Promise<string>(() => undefined))];

/** The error of a prediction, which is the same in `predict`, `predict$` and `stream`. */
const errorOf = async (options: Partial<EnsembleOptions>): Promise<NoPredictionError> => {
  const ensemble = createEnsemble({ models: panel, timeoutMs: 20, ...options } as EnsembleOptions);
  const [error, streamed] = await Promise.all([
    ensemble.predict('?').catch((reason) => reason),
    Array.fromAsync(ensemble.stream('?')).catch((reason) => reason),
  ]);
  expect(error).toBeInstanceOf(UserCodeError);
  expect(streamed).toBeInstanceOf(UserCodeError);
  expect(streamed.message).toBe(error.message);
  return error;
};

const accountOf = ({ outcomes }: NoPredictionError): string[] =>
  outcomes.map(({ model, status, costUsd }) => `${model} ${status} ${costUsd}`);

describe('a voter that throws', () => {
  it.each([
    ['init', { ...majority(), name: 'mine', init: bug }, []],
    ['ceiling', { ...majority(), name: 'mine', ceiling: bug }, []],
    [
      'add',
      { ...majority(), name: 'mine', add: bug },
      ['a answered 0.5', 'b cancelled undefined', 'c cancelled undefined'],
    ],
  ] satisfies [string, Voter, string[]][])(
    'in `%s` is named, with the account of all calls',
    async (_, strategy, account) => {
      const error = await errorOf({ strategy });
      expect(error.message).toBe('the voting strategy "mine" threw RangeError');
      expect(error.cause).toBeInstanceOf(RangeError);
      expect(accountOf(error)).toStrictEqual(account);
    },
  );

  it('in `tally` is named, with the account of all calls', async () => {
    const error = await errorOf({ strategy: { ...majority(), name: 'mine', tally: bug } });
    expect(error.message).toBe('the voting strategy "mine" threw RangeError');
    expect(accountOf(error)).toStrictEqual(['a answered 0.5', 'b answered 0.5', 'c failed undefined']);
  });

  it.each([Number.NaN, -0.1, 1.5])('or gives a consensus of %d is named as well', async (consensus) => {
    const error = await errorOf({ strategy: () => ({ answer: 4, consensus, votes: { 4: 1 } }) });
    expect(error).toMatchObject({ name: 'UserCodeError', cause: { name: 'TypeError' } });
    expect(error.message).toContain(`must return a consensus from 0 to 1, not ${consensus}`);
  });

  it('as a plain function is named after it', async () => {
    function pickOne(): never {
      return bug();
    }
    expect((await errorOf({ strategy: pickOne })).message).toBe(
      'the voting strategy "pickOne" threw RangeError',
    );
  });

  it.each([undefined, null, '4', {}, { answer: 4 }, { answer: 4, consensus: 1 }])(
    'or gives %o, which is no result, is told what it must return',
    async (standing) => {
      const strategy = (() => standing) as unknown as VoteFunction;
      expect((await errorOf({ strategy })).message).toMatch(
        /^the voting strategy ".+" must return \{ answer, consensus, votes \}, but returned /,
      );
    },
  );

  it('or gives an answer that cannot be counted is named as well', async () => {
    const strategy = (() => ({ answer: () => 4, consensus: 1, votes: {} })) as unknown as VoteFunction;
    expect((await errorOf({ strategy })).message).toMatch(/^the voting strategy ".+" threw TypeError$/);
  });

  it('disturbs no other prediction of the same ensemble', async () => {
    let fails = true;
    const voter = majority() as Voter;
    const moody: Voter = { ...voter, add: (state, cast) => (fails ? bug() : voter.add(state, cast)) };
    const { predict } = createEnsemble({ models: [paid('a')], strategy: moody });
    await expect(predict('?')).rejects.toBeInstanceOf(UserCodeError);
    fails = false;
    await expect(predict('?')).resolves.toMatchObject({ answer: '4' });
  });
});

describe('a voter of one’s own', () => {
  it('as a function gets the votes in the order of the panel, and the panel', async () => {
    const seen: (readonly string[])[] = [];
    const first: VoteFunction<string> = (votes, { panel: ids }) => {
      seen.push(votes.map(({ model }: Vote) => model));
      expect(ids).toStrictEqual(['slow', 'quick', 'fails']);
      return { answer: votes[0]?.answer, consensus: 0.5, votes: { mine: 1 } };
    };
    const { answer, text, metadata } = await createEnsemble({
      models: [
        defineModel('slow', () => new Promise<string>((resolve) => setImmediate(() => resolve('SLOW')))),
        defineModel('quick', async () => 'QUICK'),
        defineModel('fails', () => throwError(() => new Error('unreachable'))),
      ],
      strategy: first as VoteFunction,
    }).predict('?');
    expect(seen.length).toBeGreaterThan(0);
    for (const models of seen) expect(models).toStrictEqual(['slow', 'quick']);
    expect({ answer, text }).toStrictEqual({ answer: 'slow', text: 'SLOW' });
    expect(metadata).toMatchObject({ strategy: 'first', consensus: 0.5, votes: { mine: 1 } });
  });

  it('is called "custom" where it has no name of its own', async () => {
    const { metadata } = await createEnsemble({
      models: [paid('a')],
      strategy: (votes) => ({ answer: votes[0]?.answer, consensus: 1, votes: {} }),
    }).predict('?');
    expect(metadata.strategy).toBe('custom');
  });

  it('may find no winner', async () => {
    const error = await createEnsemble({
      models: [paid('a'), paid('b', '5')],
      strategy: (votes) => ({ answer: undefined, consensus: 0, votes: { seen: votes.length } }),
    })
      .predict('?')
      .catch((reason) => reason);
    expect(error).toMatchObject({ name: 'NoConsensusError', votes: { seen: 2 } });
    expect(accountOf(error)).toStrictEqual(['a answered 0.5', 'b answered 0.5']);
  });

  it('may give an answer that nobody gave, such as a mean', async () => {
    const { answer, text } = await createEnsemble({
      models: [paid('a', '4'), paid('b', '5')],
      normalization: 'numeric',
      strategy: (votes) => {
        const numbers = votes.map((vote) => Number(vote.answer));
        const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
        return { answer: mean, consensus: 0, votes: {} };
      },
    }).predict('?');
    expect({ answer, text }).toStrictEqual({ answer: 4.5, text: '4.5' });
  });

  it('is not asked what it makes of no votes: where all models fail, that is the error', async () => {
    const needy: VoteFunction = (votes) => ({ answer: (votes[0] as Vote).answer, consensus: 1, votes: {} });
    const models = [defineModel('a', () => Promise.reject(new Error('no')))];
    const ensemble = createEnsemble({ models, strategy: needy });
    await expect(ensemble.predict('?')).rejects.toMatchObject({ name: 'AllModelsFailedError' });
    await expect(Array.fromAsync(ensemble.stream('?'))).rejects.toMatchObject({
      name: 'AllModelsFailedError',
    });
  });
});

describe('a schedule that fails', () => {
  const failing: readonly [string, unknown, readonly string[], string][] = [
    ['throws', bug, [], 'RangeError'],
    ['errors', () => throwError(() => new RangeError('late')), [], 'RangeError'],
    [
      'errors after calls',
      (calls: readonly Observable<unknown>[]) =>
        merge(
          ...calls.slice(0, 1),
          throwError(() => new RangeError('late')),
        ),
      ['a cancelled undefined'],
      'RangeError',
    ],
    ['gives no Observable', () => undefined, [], 'TypeError'],
  ];

  it.each(failing)(
    'because it %s is named, with the account of all calls',
    async (_, schedule, account, name) => {
      const error = await errorOf({ execution: { name: 'mine', schedule: schedule as Schedule } });
      expect(error.message).toBe(`the schedule of "mine" threw ${name}`);
      expect(accountOf(error)).toStrictEqual(account);
    },
  );

  it('is named also where the prediction has a signal', async () => {
    const { signal } = new AbortController();
    const schedule = (() => undefined) as unknown as Schedule;
    const { predict } = createEnsemble({ models: panel, execution: { schedule } });
    await expect(predict('?', { signal })).rejects.toBeInstanceOf(UserCodeError);
  });

  it('because it forgets every call has no prediction', async () => {
    const { predict } = createEnsemble({ models: panel, execution: { schedule: () => EMPTY } });
    await expect(predict('?')).rejects.toMatchObject({ name: 'InsufficientResponsesError', received: 0 });
  });
});

describe('a stop rule that throws', () => {
  it('stops nothing, is reported once, and costs no vote', async () => {
    let asked = 0;
    const rule = () => {
      asked += 1;
      return bug();
    };
    const { metadata } = await createEnsemble({
      models: [paid('a'), paid('b'), paid('c')],
      minResponses: 1,
      earlyStop: rule,
    }).predict('?');
    expect(asked).toBe(3);
    expect(metadata).toMatchObject({
      votes: { 4: 3 },
      warnings: ['the stop rule threw RangeError'],
      costUsd: 1.5,
    });
  });

  it.each([1, 'yes', {}, undefined])('or gives %o, which is not true, stops nothing', async (verdict) => {
    const { metadata } = await createEnsemble({
      models: [paid('a'), paid('b')],
      minResponses: 1,
      earlyStop: () => verdict as boolean,
    }).predict('?');
    expect(metadata.successes).toBe(2);
  });
});

describe('a function of the query that throws', () => {
  it('is named, and no call was made', async () => {
    const error = await errorOf({ models: bug });
    expect(error.message).toBe('models(query) threw RangeError');
    expect(accountOf(error)).toStrictEqual([]);
  });
});

describe('a model that throws', () => {
  const deeds: readonly [string, Model][] = [
    ['when asked', defineModel('odd', bug)],
    ['in its `call`', { id: 'odd', call: bug }],
    ['later', defineModel('odd', () => Promise.reject(new RangeError('later')))],
    ['as an Observable', defineModel('odd', () => throwError(() => new RangeError('later')))],
    ['and is no Observable', { id: 'odd', call: () => undefined as never }],
    ['a thing that is no error', defineModel('odd', () => Promise.reject('a text'))],
    ['nothing', defineModel('odd', () => Promise.reject())],
  ];

  it.each(deeds)('%s fails alone', async (_, odd) => {
    const { metadata, outcomes } = await createEnsemble({ models: [odd, paid('b'), paid('c')] }).predict('?');
    expect(metadata).toMatchObject({ votes: { 4: 2 }, failures: 1 });
    expect(outcomes[0]).toMatchObject({ status: 'failed', error: { name: 'ModelError', model: 'odd' } });
  });

  it('tells its message to the program and not to the log', async () => {
    const secretive = defineModel('odd', () => Promise.reject(new Error('key sk-secret was refused')));
    const error = await createEnsemble({ models: [secretive] })
      .predict('?')
      .catch((reason) => reason);
    expect(error.outcomes[0].error.cause.message).toBe('key sk-secret was refused');
    expect(`${error.message} ${JSON.stringify(error)} ${JSON.stringify(error.outcomes)}`).not.toContain(
      'sk-secret',
    );
  });
});

describe('a subscriber that throws', () => {
  it('does not keep the calls from being let go of', async () => {
    const events: StreamEvent[] = [];
    const consume = async () => {
      for await (const event of createEnsemble({ models: panel }).stream('?')) {
        events.push(event);
        bug();
      }
    };
    await expect(consume()).rejects.toBeInstanceOf(RangeError);
    expect(events).toHaveLength(1);
  });
});
