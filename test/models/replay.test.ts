import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble, type RecordedQuestion, ReplayMissError, replay } from '../../src/index.ts';
import { marbles } from '../marbles.ts';

const records: readonly RecordedQuestion[] = [
  {
    question: '2 + 2?',
    responses: [
      { model: 'small', text: '4', latencyMs: 2, tokensOut: 1 },
      { model: 'large', text: 'It is 4', latencyMs: 5, costUsd: 0.01 },
    ],
  },
  { question: '3 + 3?', responses: [{ model: 'large', text: '6' }] },
  { question: '2 + 2?', responses: [{ model: 'small', text: '5' }] },
];

describe('a replay', () => {
  it('has the models of the recording, in the order in which they first appear', () => {
    expect(replay(records).map(({ id }) => id)).toStrictEqual(['small', 'large']);
    expect(replay([])).toStrictEqual([]);
  });

  it('says what was said; of a question recorded twice, what was said first', async () => {
    const { outcomes } = await createEnsemble({ models: replay(records) }).predict('2 + 2?');
    expect(outcomes).toMatchObject([
      { model: 'small', response: { text: '4', usage: { outputTokens: 1 } }, costUsd: undefined },
      { model: 'large', response: { text: 'It is 4' }, costUsd: 0.01 },
    ]);
  });

  it('fails for a question that was not recorded, and never asks anybody', async () => {
    const { outcomes } = await createEnsemble({ models: replay(records) }).predict('3 + 3?');
    expect(outcomes).toMatchObject([
      {
        model: 'small',
        status: 'failed',
        error: { name: 'ReplayMissError', model: 'small', isRetryable: false },
      },
      { model: 'large', status: 'answered', answer: '6' },
    ]);
    const error = await createEnsemble({ models: replay(records) })
      .predict('?')
      .catch((reason) => reason);
    expect(error).toMatchObject({ name: 'AllModelsFailedError' });
    expect(error.cause).toBeInstanceOf(ReplayMissError);
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'has nothing recorded for %s, nor a model of that name',
    async (name) => {
      const error = await createEnsemble({ models: replay(records) })
        .predict(name)
        .catch((reason) => reason);
      expect(error.cause).toBeInstanceOf(ReplayMissError);
      const [odd] = replay([{ question: name, responses: [{ model: name, text: name }] }]);
      expect(odd?.id).toBe(name);
    },
  );

  it(
    'takes as long as it took, where that is asked for',
    marbles((m) => {
      const [small, large] = replay(records, { withLatency: true });
      const text = (question: string, model = small) =>
        model?.call(toRequest(question)).pipe(map((response) => ('text' in response ? response.text : '')));
      m.expect(text('2 + 2?') ?? m.cold('')).toBeObservable('--(a|)', { a: '4' });
      m.expect(text('2 + 2?', large) ?? m.cold('')).toBeObservable('-----(a|)', { a: 'It is 4' });
      m.expect(text('3 + 3?', large) ?? m.cold('')).toBeObservable('(a|)', { a: '6' });
    }),
  );

  it(
    'answers at once otherwise',
    marbles((m) => {
      const [small] = replay(records);
      const text$ = small
        ?.call(toRequest('2 + 2?'))
        .pipe(map((response) => 'text' in response && response.text));
      m.expect(text$ ?? m.cold('')).toBeObservable('(a|)', { a: '4' });
    }),
  );

  it('rejects invalid records and options', () => {
    expect(() => replay([], { withLatency: 1 as unknown as boolean })).toThrow(
      'replay: option "withLatency" must be true or false, but got 1',
    );
    expect(() => replay('calls.jsonl' as unknown as [])).toThrow(
      'replay: option "records" must be an iterable of recorded questions, but got "calls.jsonl"',
    );
  });
});
