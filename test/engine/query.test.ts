import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ConfigError, createEnsemble, defineModel, type Query, simulated } from '../../src/index.ts';
import { ask } from '../../src/operators/operators.ts';

const asked: string[] = [];
const ensemble = createEnsemble({
  models: [
    defineModel('echo', (question) => {
      asked.push(question);
      return question;
    }),
  ],
});

describe('a query', () => {
  it('is a conversation whose last turn is the question', async () => {
    const query: Query = {
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: 'Paris?' },
      ],
    };
    expect((await ensemble.predict(query)).text).toBe('Paris?');
  });

  it.each([undefined, null, 42, {}, { messages: [] }, { messages: 'What?' }, ['What?']])(
    'is refused before anything is sent where it is none: %o',
    async (query) => {
      asked.length = 0;
      await expect(ensemble.predict(query as never)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringMatching(/^predict: the query must be a string, or { messages }/),
      });
      expect(asked).toStrictEqual([]);
    },
  );

  it('may be given with nothing to override', async () => {
    expect((await ensemble.predict('Paris', undefined)).text).toBe('Paris');
    expect((await ensemble.predict('Paris', null as never)).text).toBe('Paris');
  });
});

const turn = { role: 'user', content: 'Which?' };

describe('a conversation with faults', () => {
  const throwing = Object.defineProperty({ role: 'user' }, 'content', {
    enumerable: true,
    get: () => {
      throw new RangeError('of a getter');
    },
  });
  const unreadable =
    'predict: the query cannot be read, because one of its getters threw; give it as plain data';
  it.each([
    [{ messages: [null, turn] }, ['predict: messages[0] must be an object { role, content }, but got null']],
    [
      { messages: [turn, 'Which?'] },
      [/^predict: messages\[1\] must be an object { role, content }, but got/],
    ],
    [
      { messages: [turn, { role: 'user' }] },
      ['predict: messages[1].content must be a string, but got undefined'],
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'text' }] }, turn] },
      ['predict: messages[0].content must be a string, but got an array of 1'],
    ],
    [{ messages: [turn], system: null }, ['predict: system must be a string, but got null']],
    [
      { messages: [turn], maxOutputTokens: Number.NaN },
      ['predict: maxOutputTokens must be an integer of at least 1, but got NaN'],
    ],
    [{ messages: [turn], prompt: 5 }, [/^predict: prompt must be a string, but got/]],
    [
      { messages: [{ role: 3, content: 4 }, undefined, turn], system: {} },
      [
        'predict: system must be a string, but got an object',
        /^predict: messages\[0\].role must be/,
        /^predict: messages\[0\].content must be/,
        'predict: messages[1] must be an object { role, content }, but got undefined',
      ],
    ],
    [{ messages: [throwing] }, [unreadable]],
    [
      new Proxy(
        {},
        {
          has: () => true,
          get: () => {
            throw new RangeError('of a proxy');
          },
        },
      ),
      [unreadable],
    ],
  ] as [unknown, (string | RegExp)[]][])(
    '%#: has all of them named by their place',
    async (query, faults) => {
      const error = await ensemble.predict(query as Query).catch((reason) => reason);
      expect(error).toBeInstanceOf(ConfigError);
      expect(error.faults).toStrictEqual(
        faults.map((fault) => (typeof fault === 'string' ? fault : expect.stringMatching(fault))),
      );
    },
  );

  it.each(['sytem', 'System', 'systemPrompt', 'system_instruction'])(
    'has the name of a slip among them, because %s would not be sent',
    async (name) => {
      const query = { messages: [{ role: 'user', content: '?' }], [name]: 'Answer in French.' } as Query;
      const error = await ensemble.predict(query).catch((reason) => reason);
      expect(error.faults).toStrictEqual([
        expect.stringMatching(/^predict: a query has no field .+ "system"\?$/),
      ]);
    },
  );

  it('may have fields of its own, for a function that chooses the models', async () => {
    const query = { messages: [{ role: 'user', content: '?' }], tenant: 'acme', region: 'eu' } as Query;
    expect(await ensemble.predict(query).catch((reason) => reason)).not.toBeInstanceOf(ConfigError);
  });

  it('has a bounded list of them', async () => {
    const error = await ensemble.predict({ messages: Array(1000).fill(null) }).catch((reason) => reason);
    expect(error.faults).toHaveLength(21);
    expect(error.faults.at(-1)).toBe('predict: 980 more faults in messages');
  });

  it('is refused before `models(query)` sees it', async () => {
    const seen: Query[] = [];
    const choosing = createEnsemble({
      models: (query) => {
        seen.push(query);
        return [simulated({ id: 'a' })];
      },
    });
    await expect(choosing.predict({ messages: [null] } as never)).rejects.toBeInstanceOf(ConfigError);
    expect(seen).toStrictEqual([]);
  });

  it('is sent as it was checked, whatever the caller changes meanwhile', async () => {
    const late = defineModel('late', async (_, { request }) => {
      await Promise.resolve();
      return request.messages.map(({ content }) => content).join();
    });
    const query = { messages: [{ role: 'user' as const, content: 'Paris?' }] };
    const prediction = createEnsemble({ models: [late] }).predict(query);
    query.messages[0] = null as never;
    expect((await prediction).text).toBe('Paris?');
  });
});

describe('any JSON as a query', () => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('user', 'assistant', 'system'));
  const odds = fc.record({ role: odd, content: odd }, { requiredKeys: [] });
  const conversation = fc.record(
    {
      messages: fc.array(fc.oneof(fc.constant(turn), odds, odd), { maxLength: 3 }),
      system: odd,
      prompt: odd,
    },
    { requiredKeys: ['messages'] },
  );
  const isValid = ({ messages, system, prompt }: Record<string, unknown>): boolean =>
    Array.isArray(messages) &&
    messages.length > 0 &&
    messages.at(-1)?.role !== 'system' &&
    messages.every(
      (each) => ['user', 'assistant', 'system'].includes(each?.role) && typeof each.content === 'string',
    ) &&
    [system, prompt].every((text) => text === undefined || typeof text === 'string');

  it('is answered or refused with a ConfigError, in every form of a prediction', async () => {
    const pricing = { priceOf: () => ({ usd: 1 }), countTokens: (text: string) => text.length };
    const model = defineModel('a', async (question) => question || '?');
    const capped = createEnsemble({
      models: [model],
      pricing,
      budget: { perPredictionUsd: 1000, maxOutputTokens: 1 },
    });
    const forms: ((query: Query) => unknown)[] = [
      (query) => capped.predict(query),
      (query) => lastValueFrom(capped.predict$(query)),
      (query) => Array.fromAsync(capped.stream(query)),
      (query) => Array.fromAsync(capped.predictAll([query], { onError: 'throw' })),
      async (query) => lastValueFrom(ask(model, query, { pricing })),
    ];
    await fc.assert(
      fc.asyncProperty(fc.oneof(conversation, fc.jsonValue({ maxDepth: 2 })), async (query) => {
        const isAnswered = typeof query === 'string' || isValid(Object(query));
        for (const form of forms) {
          const end = await Promise.resolve(form(query as Query)).catch((error: unknown) => error);
          expect(end instanceof ConfigError).toBe(!isAnswered);
        }
      }),
      { numRuns: 500, seed: 12 },
    );
  });
});
