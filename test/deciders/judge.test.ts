import fc from 'fast-check';
import { map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/deciders/deciders.ts';
import { createEnsemble, defineModel, type Model, never, type Prediction } from '../../src/index.ts';
import { marbles } from '../marbles.ts';
import { judgeFor, letterOf, saying, shownIn, verdictFor } from './judges.ts';

const predict = (model: Model, texts: readonly string[], options: object = {}): Promise<Prediction<string>> =>
  createEnsemble({ models: saying(...texts), decide: judge({ model, ...options }) }).predict('Which city?');

describe('judge', () => {
  test('chooses among the answers where the votes do not decide, at two calls', async () => {
    const asked: string[] = [];
    const { answer, text, metadata, outcomes } = await predict(judgeFor(/Lyon/, asked), ['Paris', 'Lyon']);
    expect([answer, text]).toEqual(['lyon', 'Lyon']);
    expect(asked).toHaveLength(2);
    expect(metadata).toMatchObject({
      consensus: 0.5,
      successes: 2,
      status: 'complete',
      costUsd: 2.2,
      decision: { by: 'judge', status: 'chosen', reason: 'it is right' },
    });
    expect(outcomes.map(({ role }) => role)).toEqual([undefined, undefined, 'judge', 'judge']);
  });

  test.each([2, 3, 4, 5, 30])(
    'shows %i answers in two orders, each answer in another place',
    async (count) => {
      const asked: string[] = [];
      const texts = Array.from({ length: count }, (_, index) => `city number ${index}`);
      const { answer } = await predict(judgeFor(/number 1$/, asked), texts);
      expect(answer).toBe('city number 1');
      const orders = asked.map((prompt) => [...shownIn(prompt).values()]);
      expect(orders).toHaveLength(2);
      for (const order of orders) expect(order.toSorted()).toEqual(texts.toSorted());
      orders[0]?.forEach((text, place) => {
        expect(orders[1]?.[place]).not.toBe(text);
      });
    },
  );

  test.each([
    ['the first', (letters: readonly string[]) => letters[0]],
    ['the last', (letters: readonly string[]) => letters.at(-1)],
    ['the one in the middle', (letters: readonly string[]) => letters[Math.floor(letters.length / 2)]],
    ['A', () => 'A'],
    ['B', () => 'B'],
  ])('has no say if it always prefers %s', async (_, choose) => {
    for (const count of [2, 3, 4, 5, 6, 7]) {
      const model = defineModel('biased', (prompt) => verdictFor(choose([...shownIn(prompt).keys()]) ?? ''));
      const texts = Array.from({ length: count }, (_each, index) => `city ${index}`);
      const { answer, metadata } = await predict(model, texts);
      expect(answer).toBe('city 0');
      expect(metadata.status).toBe('complete');
      expect(metadata.decision).toEqual({
        by: 'judge',
        status: 'abstained',
        reason: 'it contradicts itself: asked in two orders, it chose two answers',
      });
      expect(metadata.warnings.join()).toContain('the votes decide, because "judge" has no verdict');
    }
  });

  test('is not asked if the leader has more than half of the votes, or there is one answer', async () => {
    const model = defineModel('judge', () => {
      throw new Error('was asked');
    });
    for (const texts of [['Paris', 'Paris', 'Lyon'], ['Paris'], ['Paris', 'paris']]) {
      const { metadata } = await predict(model, texts);
      expect(metadata).toMatchObject({ status: 'complete', decision: { by: 'judge', status: 'kept' } });
    }
    const { metadata } = await predict(model, ['Paris', 'Paris'], { unless: never() });
    expect(metadata.decision?.status).toBe('kept');
    const halves = await predict(model, ['Paris', 'Paris', 'Lyon', 'Nice']);
    expect(halves.metadata.decision?.status).toBe('failed');
  });

  test('is asked always, or when a rule says so', async () => {
    const texts = ['Paris', 'Paris', 'Lyon'];
    const always = await predict(judgeFor(/Lyon/), texts, { unless: never() });
    expect(always.answer).toBe('lyon');
    const seldom = await predict(judgeFor(/Lyon/), ['Paris', 'Lyon'], { unless: () => true });
    expect(seldom.metadata.decision?.status).toBe('kept');
  });

  test('sees neither the names of the models nor how many votes each answer has', async () => {
    const asked: string[] = [];
    await predict(judgeFor(/Lyon/, asked), ['Paris', 'Paris', 'Lyon', 'Nice'], { unless: never() });
    for (const prompt of asked) {
      expect(prompt).not.toMatch(/model-\d/);
      expect(prompt).not.toContain('given-by');
      expect(shownIn(prompt).size).toBe(3);
    }
  });

  test('sees how many members gave each answer if it is to pick the most consistent one', async () => {
    const asked: string[] = [];
    await predict(judgeFor(/Lyon/, asked), ['Paris', 'Paris', 'Lyon', 'Nice'], { pick: 'mostConsistent' });
    expect(asked[0]).toMatch(/given-by="2 of 4">\nParis/);
    expect(asked[0]).toMatch(/given-by="1 of 4">\nNice/);
  });

  test('shows the answers in the same order again, and in another with another seed', async () => {
    const ordersOf = async (seed: number | string, texts = ['a', 'b', 'c', 'd', 'e']): Promise<string> => {
      const asked: string[] = [];
      await predict(judgeFor(/a/, asked), texts, { seed });
      return asked.map((prompt) => [...shownIn(prompt).values()].join('')).join();
    };
    expect(await ordersOf(0)).toBe(await ordersOf(0));
    const orders = await Promise.all(Array.from({ length: 10 }, (_, seed) => ordersOf(seed)));
    expect(new Set(orders).size).toBeGreaterThan(5);
  });

  test('shows the same to the judge in every order of arrival', async () => {
    const prompts = new Set<string>();
    const texts = ['Paris', 'Lyon', 'Nice', 'Lyon'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 5 }), { minLength: 4, maxLength: 4 }), async (delays) => {
        const models = texts.map((text, index) =>
          defineModel(`model-${index}`, async () => {
            for (let turn = 0; turn < (delays[index] ?? 0); turn += 1) await Promise.resolve();
            return text;
          }),
        );
        const asked: string[] = [];
        const decide = judge({ model: judgeFor(/Lyon/, asked) });
        await createEnsemble({ models, decide }).predict('Which city?');
        prompts.add(asked.join());
      }),
    );
    expect(prompts.size).toBe(1);
  });

  test('shows the leader in each place about as often', async () => {
    let first = 0;
    for (let number = 0; number < 200; number += 1) {
      const asked: string[] = [];
      const ensemble = createEnsemble({
        models: saying('Paris', 'Lyon'),
        decide: judge({ model: judgeFor(/Lyon/, asked) }),
      });
      await ensemble.predict(`Question ${number}?`);
      if (shownIn(asked[0] ?? '').get('A') === 'Paris') first += 1;
    }
    expect(first).toBeGreaterThan(70);
    expect(first).toBeLessThan(130);
  });

  test('reports what it found by the keys of the answers', async () => {
    const model = defineModel('judge', (prompt) => {
      const [paris, lyon] = [letterOf(prompt, /Paris/), letterOf(prompt, /Lyon/)];
      return JSON.stringify({
        contradictions: ['They name two cities.'],
        gaps: [{ answer: paris, point: 'no reason' }],
        uniquePoints: [{ answer: lyon, point: 'the Rhône' }],
        reason: 'it says why',
        choice: lyon,
      });
    });
    const { metadata } = await predict(model, ['Paris.', 'Lyon, on the Rhône.']);
    const lyon = 'lyon, on the rhône';
    expect(metadata.decision).toEqual({
      by: 'judge',
      status: 'chosen',
      reason: 'it says why',
      details: {
        candidates: expect.objectContaining({ A: expect.any(String), B: expect.any(String) }),
        contradictions: ['They name two cities.'],
        gaps: [{ key: 'paris', point: 'no reason' }],
        uniquePoints: [{ key: lyon, point: 'the Rhône' }],
      },
    });
    const { candidates } = metadata.decision?.details ?? {};
    expect(Object.values(candidates as object).toSorted()).toEqual([lyon, 'paris']);
  });

  test.each([
    ['has no lists', (choice: string) => JSON.stringify({ reason: 'it is right', choice })],
    ['stands in a fence', (choice: string) => `Here it is:\n\`\`\`json\n${verdictFor(choice)}\n\`\`\``],
    [
      'has invisible characters',
      (choice: string) => verdictFor(choice, 'a < b').replace('choice', 'cho\u200bice'),
    ],
  ])('reads a verdict that %s', async (_, reply) => {
    const model = defineModel('judge', (prompt) => reply(letterOf(prompt, /Lyon/)));
    const { answer, metadata } = await predict(model, ['Paris', 'Lyon']);
    expect(answer).toBe('lyon');
    expect(metadata.decision).toMatchObject({
      status: 'chosen',
      details: { contradictions: [], gaps: [], uniquePoints: [] },
    });
  });

  test('gives the reason of the first order, whichever reply arrives first', () => {
    const reasonIf = (slow: number): void =>
      marbles((m) => {
        let calls = 0;
        const model: Model = {
          id: 'judge',
          call: ({ prompt }) => {
            calls += 1;
            const text = verdictFor(letterOf(prompt, /Lyon/), `reason ${calls}`);
            return m.cold(calls === slow ? '---(r|)' : '-(r|)', { r: { text } });
          },
        };
        const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), decide: judge({ model }) });
        const reasons = ensemble
          .predict$('Which city?')
          .pipe(map(({ metadata }) => metadata.decision?.reason));
        m.expect(reasons).toBeObservable('---(r|)', { r: 'reason 1' });
      })();
    reasonIf(1);
    reasonIf(2);
  });

  test('is cancelled in one order when it has no verdict in the other', () => {
    marbles((m) => {
      let calls = 0;
      const slow = m.cold('-----(r|)', { r: { text: verdictFor('A') } });
      const quick = m.cold('--(r|)', { r: { text: 'Both are fine.' } });
      const model: Model = {
        id: 'judge',
        call: () => {
          calls += 1;
          return calls === 1 ? slow : quick;
        },
      };
      const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), decide: judge({ model }) });
      const statuses = ensemble
        .predict$('Which city?')
        .pipe(map(({ outcomes }) => outcomes.map(({ status }) => status).join()));
      m.expect(statuses).toBeObservable('--(s|)', { s: 'answered,answered,cancelled,abstained' });
      m.expect(slow).toHaveSubscriptions('^-!');
    })();
  });

  test('asks for a verdict by a schema, and gives the rubric and the task as instructions', async () => {
    const requests: { system?: string | undefined; answerSchema?: unknown }[] = [];
    const model: Model = {
      ...judgeFor(/Lyon/),
      call: (request) => {
        requests.push(request);
        return judgeFor(/Lyon/).call(request);
      },
    };
    const ensemble = createEnsemble({
      models: saying('Paris', 'Lyon'),
      system: 'Answer with a city.',
      decide: judge({ model, rubric: 'It lies on two rivers.' }),
    });
    await ensemble.predict('Which city?');
    const [request] = requests;
    expect(request?.system).toContain('It lies on two rivers.');
    expect(request?.system).not.toContain('Answer with a city.');
    expect(JSON.stringify(request)).toContain('Answer with a city.');
    expect(request?.answerSchema).toMatchObject({
      type: 'object',
      required: ['contradictions', 'gaps', 'uniquePoints', 'reason', 'choice'],
      properties: { choice: { enum: ['A', 'B'] } },
      additionalProperties: false,
    });
  });

  test('sees the turns and the files of a conversation', async () => {
    const asked: unknown[] = [];
    const model: Model = {
      id: 'judge',
      call: (request) => {
        asked.push(request.messages);
        return judgeFor(/Lyon/).call(request);
      },
    };
    const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), decide: judge({ model }) });
    const image = 'iVBORw0KGgoBAgME';
    const { answer } = await ensemble.predict({
      messages: [
        { role: 'user', content: 'I like rivers.' },
        { role: 'assistant', content: 'So do I.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Which city is this?' },
            { type: 'image', image },
          ],
        },
      ],
    });
    expect(answer).toBe('lyon');
    const [[message]] = asked as [[{ content: [{ text: string }, { type: string; mediaType: string }] }]];
    expect(message.content[0].text).toMatch(
      /user: I like rivers.\n\nassistant: So do I.\n\nuser: Which city is this\?/,
    );
    expect(message.content[1]).toMatchObject({ type: 'file', mediaType: 'image/png' });
  });

  test('may be an ensemble, whose members vote on the choice and not on its wording', async () => {
    const jurors = [/Paris/, /Lyon/, /Lyon/].map((wanted, index) =>
      defineModel(`juror-${index}`, (prompt) => ({
        text: verdictFor(letterOf(prompt, wanted), `for reason ${index}`),
        costUsd: 1,
      })),
    );
    const jury = createEnsemble({ models: jurors, normalization: 'numeric' }).asModel('jury');
    const { answer, metadata } = await predict(jury, ['Paris', 'Lyon']);
    expect(answer).toBe('lyon');
    expect(metadata).toMatchObject({
      costUsd: 6.2,
      decision: { status: 'chosen', reason: 'for reason 1' },
    });
    const juryOfJuries = createEnsemble({ models: [jury, judgeFor(/Lyon/)] }).asModel('juries');
    expect((await predict(juryOfJuries, ['Paris', 'Lyon'])).answer).toBe('lyon');
  });

  test('has no say as an ensemble without a majority', async () => {
    const jurors = [/Paris/, /Lyon/].map((wanted, index) => judgeFor(wanted, [], {}, `juror-${index}`));
    const jury = createEnsemble({ models: jurors }).asModel('jury');
    const { answer, metadata } = await predict(jury, ['Lyon', 'Paris']);
    expect(answer).toBe('lyon');
    expect(metadata.decision).toMatchObject({
      status: 'abstained',
      reason: 'jury has no majority: its reply has 50 % of its votes',
    });
  });

  test('refuses invalid options', () => {
    const model = judgeFor(/Lyon/);
    expect(() => judge({} as never)).toThrow('option "model" is missing');
    expect(() => judge({ model: createEnsemble({ models: [model] }) } as never)).toThrow('use its asModel');
    expect(() => judge({ model, pick: 'worst' } as never)).toThrow("'best', 'mostConsistent'");
    expect(() => judge({ model, rubric: '' })).toThrow('option "rubric"');
    expect(() => judge({ model, unless: true } as never)).toThrow('option "unless"');
  });
});
