import { map, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Grouping,
  ProviderError,
  type StreamEvent,
  type Vote,
} from '../../src/index.ts';
import { byInitial, grouped } from '../grouped.ts';
import { marbles } from '../marbles.ts';
import { scripted } from '../scripted.ts';
import { inTurn } from '../telemetry/in-turn.ts';

/** An event in a word or two. */
const short = (event: StreamEvent): string => {
  switch (event.type) {
    case 'call-start':
      return `${event.role ?? event.model} starts`;
    case 'call-retry':
      return `${event.model} fails ${event.attempt}`;
    case 'call-end':
      return `${event.role ?? event.model} ${event.outcome.status} after ${event.outcome.latencyMs}`;
    case 'consensus':
      return `count ${JSON.stringify(event.groups ?? event.votes)}`;
    default:
      return 'role' in event ? `${event.type} ${event.role}` : event.type;
  }
};

const saying = (text: string) => ({ a: { text, costUsd: 0.1 } });

describe('the live view of a prediction', () => {
  it(
    'shows each call from its start to its end, votes, groups and the call of a judge, in order',
    marbles((m) => {
      const models = [
        scripted('a', m.cold('-(a|)', saying('avocado'))),
        scripted('b', m.cold('---(a|)', saying('banana'))),
        scripted('c', m.cold('--(a|)', saying('an apple'))),
      ];
      const judge = scripted('j', m.cold('-----(a|)', saying('banana')));
      const { stream } = createEnsemble({
        models,
        grouping: byInitial,
        decide: (_tally, { call }) =>
          call(judge, 'Which?', { role: 'judge' }).pipe(map(() => ({ key: 'banana' }))),
      });
      const seen: string[] = [];
      stream('What is green?').subscribe((event) => {
        expect(event.sequence).toBe(seen.length);
        seen.push(short(event));
      });
      m.flush();
      expect(seen).toStrictEqual([
        'a starts',
        'b starts',
        'c starts',
        'a answered after 1',
        'response',
        'count [[0]]',
        'c answered after 2',
        'response',
        'count [[0,2]]',
        'b answered after 3',
        'response',
        'count [[0,2],[1]]',
        'judge starts',
        'judge answered after 5',
        'response judge',
        'complete',
      ]);
    }),
  );

  it(
    'closes the remaining calls as soon as three of five agree, and shows that they are cancelled',
    marbles((m) => {
      const texts = ['avocado', 'banana', 'an apple', 'all avocados', 'blueberry'];
      const sources = texts.map((text, index) => m.cold(`${'-'.repeat(index + 1)}(a|)`, saying(text)));
      const slow = m.cold('---------(a|)', saying('cherry'));
      const models = [...sources.slice(0, 4), slow].map((source, index) => scripted(`m${index}`, source));
      const { stream } = createEnsemble({ models, grouping: byInitial, earlyStop: 0.6 });
      const seen$ = stream('?').pipe(map(short), toArray());
      seen$.subscribe((seen) => {
        expect(seen.slice(-5)).toStrictEqual([
          'm3 answered after 4',
          'response',
          'count [[0,2,3],[1]]',
          'm4 cancelled after 4',
          'complete',
        ]);
      });
      m.expect(seen$).toBeObservable('----(s|)', { s: expect.any(Array) });
      m.expect(slow).toHaveSubscriptions(['^---!', '^---!']);
    }),
  );

  it(
    'shows the attempts that failed, with what they cost and when the next one comes',
    marbles((m) => {
      const down = new ProviderError('a', '503', { isRetryable: true, costUsd: 0.2 });
      const model = inTurn(
        5,
        scripted('a', m.cold('-#', undefined, down)),
        scripted('a', m.cold('-(a|)', saying('4'))),
      );
      const events: StreamEvent[] = [];
      createEnsemble({ models: [model] })
        .stream('?')
        .subscribe((event) => events.push(event));
      m.flush();
      expect(events.map(short)).toStrictEqual([
        'a starts',
        'a fails 1',
        'a answered after 7',
        'response',
        'count {"4":1}',
        'complete',
      ]);
      expect(events[1]).toMatchObject({ call: 0, failed: { nextInMs: 5, costUsd: 0.2, error: down } });
      expect(events[2]).toMatchObject({ outcome: { attempts: [{ latencyMs: 1 }] } });
    }),
  );

  it('counts again once a grouping has refined its groups', async () => {
    const grouping: Grouping<Vote[]> = {
      name: 'mine',
      init: () => [],
      add: (votes, vote) => [...votes, vote],
      groups: (votes) => votes.map((vote) => [vote]),
      refine: (votes) => of([votes]),
    };
    const events = await Array.fromAsync(grouped({ grouping }).stream('?'));
    expect(events.flatMap((event) => (event.type === 'consensus' ? [event.groups] : []))).toStrictEqual([
      [[0]],
      [[0], [1]],
      [[0], [1], [2]],
      [[0, 1, 2]],
    ]);
  });

  it('ends the calls in flight before it errors, and says nothing to a subscriber that has left', () => {
    marbles((m) => {
      const models = [scripted('a', m.cold('-(a|)', saying('4'))), scripted('b', m.cold('------'))];
      const abort = new AbortController();
      const seen: string[] = [];
      const { stream } = createEnsemble({ models });
      stream('?', { signal: abort.signal }).subscribe({
        next: (event) => seen.push(short(event)),
        error: (error: Error) => seen.push(error.name),
      });
      m.cold('---a').subscribe(() => abort.abort());
      const left: string[] = [];
      const leaving = stream('?').subscribe((event) => left.push(short(event)));
      m.cold('---a').subscribe(() => leaving.unsubscribe());
      m.flush();
      expect(seen.slice(-2)).toStrictEqual(['b cancelled after 3', 'CancelledError']);
      expect(left.at(-1)).toBe('count {"4":1}');
    })();
  });

  it('can be written as JSON, without keys', async () => {
    const key = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
    const models = [
      defineModel('a', () => 'avocado'),
      defineModel('b', () => Promise.reject(new Error(`401: ${key}`))),
    ];
    const events: StreamEvent[] = [];
    const { stream } = createEnsemble({ models, grouping: byInitial, minResponses: 1 });
    for await (const event of stream('?')) events.push(event);
    const written = JSON.stringify(events);
    expect(written).not.toContain(key);
    const [failed] = (JSON.parse(written) as StreamEvent[]).filter(
      (event) => event.type === 'call-end' && event.outcome.status === 'failed',
    );
    expect(failed).toMatchObject({
      type: 'call-end',
      model: 'b',
      call: 1,
      outcome: {
        status: 'failed',
        error: { name: 'ModelError', message: 'b: the call failed with Error', isRetryable: false },
      },
    });
  });
});
