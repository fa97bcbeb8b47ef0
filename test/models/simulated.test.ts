import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble, type ModelResponse, type SimulatedOptions, simulated } from '../../src/index.ts';
import { marbles } from '../marbles.ts';

const QUESTIONS = 5000;

const questions = Array.from({ length: QUESTIONS }, (_, index) => `What is ${index} + ${index % 7}?`);

const answersOf = (
  options: SimulatedOptions,
  asked: readonly string[],
): Promise<(ModelResponse | undefined)[]> => {
  const model = simulated(options);
  return Promise.all(
    asked.map((question) =>
      firstValueFrom(model.call(toRequest(question))).then(
        (response) => response as ModelResponse,
        () => undefined,
      ),
    ),
  );
};

const say = async (options: SimulatedOptions, question: string): Promise<ModelResponse | undefined> =>
  (await answersOf(options, [question]))[0];

/** Above and below which a share of successes is seen once in 30,000 runs (4 standard deviations). */
const interval = (probability: number, trials: number): [number, number] => {
  const deviation = Math.sqrt((probability * (1 - probability)) / trials);
  return [probability - 4 * deviation, probability + 4 * deviation];
};

const expectShare = (share: number, probability: number, trials: number): void => {
  const [least, most] = interval(probability, trials);
  expect(share).toBeGreaterThanOrEqual(least);
  expect(share).toBeLessThanOrEqual(most);
};

const right = (index: number): string => String(index + (index % 7));

describe('a simulated model', () => {
  it.each([
    ['What is 17 * 23?', '391'],
    ['what is 2 plus 2', '4'],
    ['(1 + 2) * 3 - 4 / 2', '7'],
    ['What is 2 ^ 3 ^ 2?', '512'],
    ['12,000 divided by 8?', '1500'],
    ['What is 7 − 10?', '-3'],
    ['0.1 + 0.2', '0.3'],
  ])('knows that %s is %s', async (question, text) => {
    expect(await say({ id: 'm', accuracy: 1 }, question)).toMatchObject({ text });
  });

  it.each(['What is the capital of France?', 'What is 1 / 0?', '5', `${'1 + '.repeat(100)}1`])(
    'apologises for %s',
    async (question) => {
      expect(await say({ id: 'm', accuracy: 1 }, question)).toMatchObject({
        text: 'I am a simulated model and only know arithmetic.',
      });
    },
  );

  it('knows what it is told', async () => {
    expect(await say({ id: 'm', accuracy: 1, answer: 'Paris' }, '?')).toMatchObject({ text: 'Paris' });
    const answer = (question: string) => question.toUpperCase();
    expect(await say({ id: 'm', accuracy: 1, answer }, 'hi')).toMatchObject({ text: 'HI' });
    expect(await say({ id: 'm', accuracy: 0, answer: 'Paris' }, '?')).toMatchObject({ text: 'not Paris' });
  });

  it.each([0, 0.3, 0.75, 1])('is right as often as it is told: accuracy %s', async (accuracy) => {
    const answers = await answersOf({ id: 'm', accuracy }, questions);
    const share = answers.filter((said, index) => said?.text === right(index)).length / QUESTIONS;
    expectShare(share, accuracy, QUESTIONS);
  });

  it.each([0, 0.1, 0.5, 1])('fails as often as it is told: rate %s', async (failureRate) => {
    const answers = await answersOf({ id: 'm', failureRate }, questions);
    expectShare(answers.filter((said) => said === undefined).length / QUESTIONS, failureRate, QUESTIONS);
  });

  it('errs independently of others, by id and by seed', async () => {
    const errs = async (options: SimulatedOptions) =>
      (await answersOf(options, questions)).map((said, index) => said?.text !== right(index));
    const one = await errs({ id: 'a', accuracy: 0.5 });
    for (const other of [
      { id: 'b', accuracy: 0.5 },
      { id: 'a', accuracy: 0.5, seed: 1 },
      { id: 'a', accuracy: 0.5, seed: 'x' },
    ]) {
      const both = (await errs(other)).filter((isWrong, index) => isWrong && one[index]).length;
      expectShare(both / QUESTIONS, 0.25, QUESTIONS);
    }
  });

  it('does the same for the same question, whatever the order and the concurrency', async () => {
    const options = { id: 'm', accuracy: 0.5, failureRate: 0.2, latencyMs: 1 };
    const some = questions.slice(0, 60);
    const atOnce = await answersOf(options, some);
    const backwards: (ModelResponse | undefined)[] = [];
    for (const question of some.toReversed())
      backwards.unshift(await say({ ...options, latencyMs: 0 }, question));
    expect(backwards).toStrictEqual(atOnce);
    const ensemble = createEnsemble({ models: [simulated(options)] });
    const predicted = await Array.fromAsync(
      ensemble.predictAll(some, { concurrency: 7, onError: () => ({ text: undefined }) }),
    );
    expect(predicted.map(({ text }) => text)).toStrictEqual(atOnce.map((said) => said?.text));
  });

  it('says how sure it is, as told, and what it cost', async () => {
    const confidence = (isRight: boolean) => (isRight ? 0.9 : 0.2);
    expect(await say({ id: 'm', accuracy: 1, confidence, costUsd: 0.002 }, '1 + 1')).toMatchObject({
      confidence: 0.9,
      costUsd: 0.002,
    });
    expect(await say({ id: 'm', accuracy: 0, confidence }, '1 + 1')).toMatchObject({ confidence: 0.2 });
    expect((await say({ id: 'm' }, '1 + 1'))?.confidence).toBeUndefined();
  });

  it(
    'takes as long as it is told',
    marbles((m) => {
      const model = simulated({ id: 'm', accuracy: 1, latencyMs: 3 });
      m.expect(model.call(toRequest('1 + 1'))).toBeObservable('---(a|)', {
        a: { text: '2', confidence: undefined, costUsd: undefined },
      });
    }),
  );

  it('is late in a long tail, by its median and its 99th percentile', () => {
    const latencies: number[] = [];
    marbles((m) => {
      const models = Array.from({ length: QUESTIONS }, (_, seed) =>
        simulated({ id: 'm', seed, latencyMs: { medianMs: 100, p99Ms: 1000 } }),
      );
      for (const model of models) {
        const start = m.scheduler.now();
        model.call(toRequest('1 + 1')).subscribe(() => latencies.push(m.scheduler.now() - start));
      }
      m.flush();
    })();
    expect(latencies).toHaveLength(QUESTIONS);
    expectShare(latencies.filter((ms) => ms < 100).length / QUESTIONS, 0.5, QUESTIONS);
    expectShare(latencies.filter((ms) => ms < 1000).length / QUESTIONS, 0.99, QUESTIONS);
  });

  it('refuses options that cannot work, all at once', () => {
    const options = {
      id: '',
      accuracy: 2,
      failureRate: -1,
      latencyMs: 2 ** 31,
      costUsd: -1,
      seed: null,
      confidence: 7,
    };
    expect(() => simulated(options as unknown as SimulatedOptions)).toThrow(
      expect.objectContaining({ name: 'ConfigError', faults: expect.objectContaining({ length: 7 }) }),
    );
    expect(() => simulated({ id: 'm', latencyMs: { medianMs: 100, p99Ms: 50 } })).toThrow(
      'option "latencyMs"',
    );
    expect(() => simulated({} as SimulatedOptions)).toThrow('simulated: option "id"');
  });
});
