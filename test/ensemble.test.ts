import { from, map, take, takeLast } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  AllModelsFailedError,
  createEnsemble,
  decided,
  defineModel,
  type Model,
  majority,
  type Prediction,
  type StreamEvent,
  sequential,
} from '../src/index.ts';
import { elect } from '../src/operators/operators.ts';
import { answersAndCounts } from './answers-and-counts.ts';
import { marbles } from './marbles.ts';
import { responses, scripted } from './scripted.ts';

const saying = (id: string, text: string): Model => defineModel(id, async () => text);

const said = (...texts: readonly string[]): Model[] => texts.map((text, index) => saying(`m${index}`, text));

/** What `JSON.parse` makes of what `JSON.stringify` made of it. */
const throughJson = (prediction: Prediction) => JSON.parse(JSON.stringify(prediction));

describe('a prediction', () => {
  it('has the answer, what the winning side said, and how it came about', async () => {
    const models = [
      defineModel('a', async () => ({ text: ' PARIS', confidence: 0.5, costUsd: 0.25 })),
      defineModel('b', async () => ({ text: 'Paris.', confidence: 0.75 })),
      defineModel('c', async () => ({ text: 'Lyon', costUsd: 0.5 })),
      defineModel('d', async () => ' '),
      defineModel('e', () => Promise.reject(new Error('no'))),
    ];
    const prediction = await createEnsemble({ models }).predict('What is the capital of France?');
    expect(prediction).toStrictEqual({
      query: 'What is the capital of France?',
      answer: 'paris',
      text: 'Paris.',
      metadata: {
        consensus: 2 / 3,
        quorum: 3 / 5,
        status: 'degraded',
        missing: [
          { model: 'd', reason: 'abstained' },
          { model: 'e', reason: 'ModelError' },
        ],
        confidence: 0.75,
        votes: { paris: 2, lyon: 1 },
        latencyMs: expect.any(Number),
        costUsd: 0.75,
        costSource: 'partial',
        costBreakdown: { a: 0.25, b: undefined, c: 0.5, d: undefined, e: undefined },
        modelsUsed: ['a', 'b', 'c', 'd', 'e'],
        successes: 3,
        failures: 1,
        abstentions: 1,
        cancelled: 0,
        strategy: 'majority',
        execution: 'parallel',
        stoppedBy: 'completion',
        warnings: ['d abstained: the model answered with an empty text'],
      },
      outcomes: expect.objectContaining({ length: 5 }),
    });
  });

  it('is the same as a promise and as an Observable, of one value', async () => {
    const ensemble = createEnsemble({ models: said('4', '4', '5') });
    const values: unknown[] = [];
    await new Promise<void>((complete) => {
      ensemble.predict$('?').subscribe({ next: ({ answer }) => values.push(answer), complete });
    });
    expect(values).toStrictEqual([(await ensemble.predict('?')).answer]);
  });

  it('goes to the most confident side of a tie, then to the side first in the panel', async () => {
    const tie = (a?: number, b?: number) => [
      defineModel('a', async () => ({ text: '4', confidence: a })),
      defineModel('b', async () => ({ text: '5', confidence: b })),
    ];
    const answerOf = async (models: Model[]) => (await createEnsemble({ models }).predict('?')).answer;
    expect(await answerOf(tie(0.5, 0.75))).toBe('5');
    expect(await answerOf(tie(0.75, 0.5))).toBe('4');
    expect(await answerOf(tie())).toBe('4');
    expect(await answerOf(tie().toReversed())).toBe('5');
    expect(await answerOf(tie(undefined, 0))).toBe('5');
  });

  it('of a unanimous panel is its answer, and there is none where they differ', async () => {
    const { predict } = createEnsemble({ models: said('4', '4'), strategy: 'unanimous' });
    expect((await predict('?')).metadata.consensus).toBe(1);
    await expect(predict('?', { models: said('4', '5') })).rejects.toMatchObject({
      name: 'NoConsensusError',
      votes: { 4: 1, 5: 1 },
    });
  });

  it('waits for no more than is needed by default: sequential two, cascade and hedged one, parallel all', async () => {
    const models = ['a', 'b', 'c', 'd'].map((id) =>
      defineModel(id, async () => ({ text: '4', confidence: 0.95 })),
    );
    const callsOf = async (execution: 'parallel' | 'sequential' | 'cascade' | 'hedged') =>
      (await createEnsemble({ models, execution }).predict('?')).metadata.modelsUsed.length;
    expect(await callsOf('parallel')).toBe(4);
    expect(await callsOf('sequential')).toBe(2);
    expect(await callsOf('cascade')).toBe(1);
    expect(await callsOf('hedged')).toBe(1);
  });

  it('can be asked of a conversation', async () => {
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'user', content: '2 + 2?' },
    ] as const;
    const query = { system: 'Be brief.', messages };
    const echo = defineModel('echo', async (question) => question);
    const prediction = await createEnsemble({ models: [echo] }).predict(query);
    expect(prediction).toMatchObject({ answer: '2 + 2?', query });
  });

  it('has more calls than models where samples are asked for', async () => {
    const samples: (number | undefined)[] = [];
    const model = defineModel('a', async (_, { request }) => {
      samples.push(request.sample);
      return request.sample === 1 ? '5' : '4';
    });
    const { answer, metadata, outcomes } = await createEnsemble({ models: [model], samples: 3 }).predict('?');
    expect(answer).toBe('4');
    expect(samples).toStrictEqual([0, 1, 2]);
    expect(metadata).toMatchObject({ votes: { 4: 2, 5: 1 }, modelsUsed: ['a'], successes: 3 });
    expect(outcomes.map(({ index }) => index)).toStrictEqual([0, 1, 2]);
  });
});

describe('a prediction with names that objects are born with', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

  it('counts them as answers like any others, and JSON shows them', async () => {
    const models = names.map((name) => saying(`says ${name}`, name));
    const prediction = await createEnsemble({ models, normalization: (text) => text }).predict('?');
    const votes = Object.fromEntries(names.map((name) => [name, 1]));
    expect(Object.entries(prediction.metadata.votes)).toStrictEqual(Object.entries(votes));
    expect(Object.entries(throughJson(prediction).metadata.votes)).toStrictEqual(Object.entries(votes));
    expect(throughJson(prediction).answer).toBe('__proto__');
  });

  it('has models of these names, and JSON shows them', async () => {
    const models = names.map((name) => defineModel(name, async () => ({ text: '4', costUsd: 1 })));
    const prediction = await createEnsemble({ models }).predict('?');
    expect(Object.entries(throughJson(prediction).metadata.costBreakdown)).toStrictEqual(
      names.map((name) => [name, 1]),
    );
    expect(throughJson(prediction).metadata.modelsUsed).toStrictEqual(names);
    expect(prediction.metadata.costUsd).toBe(names.length);
    expect(Object.getPrototypeOf(prediction.metadata.costBreakdown)).toBe(Object.prototype);
  });

  it('survives JSON with failures, whose messages are told and whose causes are not', async () => {
    const models = [saying('a', '4'), defineModel('b', () => Promise.reject(new Error('secret')))];
    const parsed = throughJson(await createEnsemble({ models }).predict('?'));
    expect(parsed.outcomes[1]).toMatchObject({
      status: 'failed',
      error: { name: 'ModelError', message: 'b: the call failed with Error', isRetryable: false },
    });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});

/** An event, without what every test of a prediction looks at. */
const brief = (event: StreamEvent): unknown => {
  switch (event.type) {
    case 'response':
      return `${event.model} says ${event.response.text}`;
    case 'failure':
      return `${event.model} fails: ${event.error.name}`;
    case 'consensus':
      return { consensus: event.consensus, votes: event.votes, leader: event.leader };
    case 'complete':
      return `the answer is ${event.prediction.answer} after ${event.prediction.metadata.latencyMs} ms`;
    default:
      return event;
  }
};

describe('a stream', () => {
  it(
    'tells each response, failure and change of the count as it happens, then the prediction',
    marbles((m) => {
      const a = m.cold('  -4|                  ', responses);
      const b = m.cold('  ------#              ');
      const c = m.cold('  -------_|            ', { _: { text: ' ' } });
      const d = m.cold('  ----------5|         ', responses);
      const expected = '  -(ab)-fs--(cde|)     ';

      const models = [a, b, c, d].map((response$, index) => scripted(`m${index}`, response$));
      const { stream } = createEnsemble({ models });
      m.expect(stream('?').pipe(answersAndCounts(), map(brief))).toBeObservable(expected, {
        a: 'm0 says 4',
        b: { consensus: 1, votes: { 4: 1 }, leader: '4' },
        f: 'm1 fails: ModelError',
        s: 'm2 says  ',
        c: 'm3 says 5',
        d: { consensus: 0.5, votes: { 4: 1, 5: 1 }, leader: '4' },
        e: 'the answer is 4 after 10 ms',
      });
    }),
  );

  it(
    'ends early by `earlyStop`, and aborts the calls still out in that frame',
    marbles((m) => {
      const a = m.cold('  -4|              ', responses);
      const b = m.cold('  ------4|         ', responses);
      const c = m.cold('  ----------5|     ', responses);
      const cSubs = '     ^-----!          ';
      const expected = '  -(ab)-(cde|)     ';

      const models = [a, b, c].map((response$, index) => scripted(`m${index}`, response$));
      const { stream } = createEnsemble({ models, earlyStop: 'decided' });
      m.expect(stream('?').pipe(answersAndCounts(), map(brief))).toBeObservable(expected, {
        a: 'm0 says 4',
        b: { consensus: 1, votes: { 4: 1 }, leader: '4' },
        c: 'm1 says 4',
        d: { consensus: 1, votes: { 4: 2 }, leader: '4' },
        e: 'the answer is 4 after 6 ms',
      });
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'stops at a share, and hears everybody out at a share of 1, which is its default',
    marbles((m) => {
      const a = m.cold('  -4|              ', responses);
      const b = m.cold('  --4|             ', responses);
      const c = m.cold('  ---4|            ', responses);
      const cSubs = ['    ^-!              ', '^--!', '^--!'];
      const models = [a, b, c].map((response$, index) => scripted(`m${index}`, response$));
      const { stream } = createEnsemble({ models });
      const end = (earlyStop?: number) =>
        stream('?', earlyStop === undefined ? {} : { earlyStop }).pipe(
          takeLast(1),
          map(({ type }) => type),
        );
      m.expect(end(0.6)).toBeObservable('--(c|)', { c: 'complete' });
      m.expect(end(1)).toBeObservable('  ---(c|)', { c: 'complete' });
      m.expect(end()).toBeObservable('   ---(c|)', { c: 'complete' });
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it('gives its events in `for await` as it does to a subscriber', async () => {
    const { stream } = createEnsemble({ models: said('4', '5', '4') });
    const types: string[] = [];
    for await (const { type } of stream('?')) types.push(type);
    const pushed = await new Promise<string[]>((resolve) => {
      const all: string[] = [];
      stream('?').subscribe({ next: ({ type }) => all.push(type), complete: () => resolve(all) });
    });
    expect(types).toStrictEqual(pushed);
    expect(types.at(-1)).toBe('complete');
    expect(types.filter((type) => type === 'response')).toHaveLength(3);
  });

  it('makes the prediction that `predict` makes', async () => {
    const ensemble = createEnsemble({ models: said('4', '5', '4', ' ') });
    const events = await Array.fromAsync(ensemble.stream('?'));
    const last = events.at(-1);
    const predicted = await ensemble.predict('?');
    expect(last?.type).toBe('complete');
    const streamed = last?.type === 'complete' ? last.prediction : undefined;
    const withoutTimes = (prediction?: Prediction) =>
      JSON.stringify(prediction, (key, value) => (key === 'latencyMs' ? undefined : value));
    expect(withoutTimes(streamed)).toBe(withoutTimes(predicted));
  });

  it('tells what happened before it fails where no prediction is possible', async () => {
    const models = ['a', 'b'].map((id) => defineModel(id, () => Promise.reject(new Error('no'))));
    const types: string[] = [];
    const consume = async () => {
      for await (const { type } of createEnsemble({ models }).stream('?')) types.push(type);
    };
    await expect(consume()).rejects.toBeInstanceOf(AllModelsFailedError);
    expect(types.filter((type) => type === 'failure')).toHaveLength(2);
    expect(types.at(-1)).toBe('failure');
  });

  it('shows counts that stay as they were', async () => {
    const events = await Array.fromAsync(createEnsemble({ models: said('4', '5', '4') }).stream('?'));
    const votes = events.flatMap((event) => (event.type === 'consensus' ? [event.votes] : []));
    expect(votes).toStrictEqual([{ 4: 1 }, { 4: 1, 5: 1 }, { 4: 2, 5: 1 }]);
  });

  it('asks nobody before somebody listens', () => {
    let asked = 0;
    const model = defineModel('a', () => {
      asked += 1;
      return '4';
    });
    const stream = createEnsemble({ models: [model] }).stream('?');
    expect(asked).toBe(0);
    stream.subscribe();
    expect(asked).toBe(1);
  });
});

describe('the operators that the engine is made of', () => {
  it('elect what the ensemble elects', async () => {
    const { outcomes, answer } = await createEnsemble({ models: said('4', '5', '5') }).predict('?');
    const leaders: unknown[] = [];
    from(outcomes)
      .pipe(elect({ voter: majority(), stopWhen: decided(), panel: ['m0', 'm1', 'm2'] }), take(1))
      .subscribe(({ leader }) => leaders.push(leader));
    expect(leaders).toStrictEqual([answer]);
  });
});

describe('an ensemble as a model', () => {
  it('answers with its text, its consensus as its confidence, and its cost', async () => {
    const inner = createEnsemble({
      models: ['4', '4', '5'].map((text, index) => defineModel(`m${index}`, () => ({ text, costUsd: 0.25 }))),
    });
    const { outcomes, metadata } = await createEnsemble({
      models: [inner.asModel('panel'), saying('a', '4')],
    }).predict('?');
    expect(outcomes[0]).toMatchObject({
      model: 'panel',
      status: 'answered',
      confidence: 2 / 3,
      costUsd: 0.75,
      costSource: 'reported',
    });
    expect(metadata).toMatchObject({ votes: { 4: 2 }, costUsd: 0.75, costSource: 'partial' });
  });

  it('is named "ensemble" unless it is given a name', () => {
    expect(createEnsemble({ models: said('4') }).asModel().id).toBe('ensemble');
  });

  it(
    'passes an abort on to the calls of its members',
    marbles((m) => {
      const quick = m.cold('  --4|      ', responses);
      const inner = m.cold('  ------5|  ', responses);
      const innerSubs = '     ^-!       ';
      const expected = '      --(4|)    ';

      const panel = createEnsemble({ models: [scripted('inner', inner)] }).asModel('panel');
      const ensemble = createEnsemble({
        models: [scripted('quick', quick), panel],
        earlyStop: ({ successes: cast }) => cast === 1,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(inner).toHaveSubscriptions(innerSubs);
    }),
  );

  it(
    'is under the time limit of the outer ensemble',
    marbles((m) => {
      const inner = m.cold('  ---------4|  ', responses);
      const innerSubs = '     ^----!       ';
      const other = m.cold('  --5|         ', responses);
      const expected = '      -----(5|)    ';

      const panel = createEnsemble({ models: [scripted('inner', inner)] }).asModel();
      const ensemble = createEnsemble({ models: [panel, scripted('other', other)], timeoutMs: 5 });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(inner).toHaveSubscriptions(innerSubs);
    }),
  );

  it('fails where it has no prediction; what its members did is in the cause', async () => {
    const inner = createEnsemble({ models: said('4', '5'), strategy: 'unanimous' });
    const error = await createEnsemble({ models: [inner.asModel('panel')] })
      .predict('?')
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(AllModelsFailedError);
    const [panel] = error.outcomes;
    expect(panel).toMatchObject({ model: 'panel', status: 'failed', error: { name: 'ModelError' } });
    expect(panel.error.cause).toMatchObject({ name: 'NoConsensusError', outcomes: { length: 2 } });
  });

  it('can be a member of a member, each asked in its own way', async () => {
    const pair = createEnsemble({ models: said('4', '4', '5'), execution: sequential() });
    const middle = createEnsemble({ models: [pair.asModel('pair'), ...said('5')] });
    const outer = createEnsemble({
      models: [middle.asModel('middle'), saying('x', '4')],
      earlyStop: decided(),
    });
    const { text, metadata } = await outer.predict('?');
    expect(text).toBe('4');
    expect(metadata.modelsUsed).toStrictEqual(['middle', 'x']);
  });

  it('gets the whole conversation', async () => {
    const asked: unknown[] = [];
    const inner = defineModel('inner', async (_, { request }) => {
      asked.push(structuredClone(request));
      return '4';
    });
    const query = { system: 'Be brief.', messages: [{ role: 'user', content: '2 + 2?' }] } as const;
    const panel = createEnsemble({ models: [inner] }).asModel();
    await createEnsemble({ models: [panel] }).predict(query);
    expect(asked).toStrictEqual([{ ...query, prompt: '2 + 2?' }]);
  });
});
