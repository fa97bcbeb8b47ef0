import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ConfigError, createEnsemble, defineModel, type Query, simulated } from '../../src/index.ts';
import { ask, predictWith } from '../../src/operators/operators.ts';

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

  it.each([
    ['', 'the question must not be blank, but got an empty string'],
    [' \n\t\u00a0', 'the question must not be blank, but got a string of blanks'],
    [
      { messages: [{ role: 'user', content: '' }] },
      'the question must not be blank, but got an empty string',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'Paris?' },
          { role: 'assistant', content: ' ' },
        ],
      },
      'the question must not be blank, but got a string of blanks',
    ],
    [
      {
        messages: [
          { role: 'user', content: '' },
          { role: 'system', content: 'Be brief.' },
        ],
      },
      'the question must not be blank, but got an empty string',
    ],
    [
      { messages: [{ role: 'user', content: 'Paris?' }], prompt: '' },
      'the question must not be blank, but got an empty string',
    ],
  ])('is refused before anything is sent if its question is blank: %o', async (query, fault) => {
    asked.length = 0;
    const faults = [`predict: ${fault}; check where its text comes from`];
    const doors: ((query: Query) => unknown)[] = [
      (one) => ensemble.predict(one),
      (one) => lastValueFrom(ensemble.predict$(one)),
      (one) => lastValueFrom(ensemble.stream(one)),
      (one) => lastValueFrom(from([one]).pipe(predictWith(ensemble))),
    ];
    for (const door of doors)
      await expect(Promise.resolve(door(query as Query))).rejects.toMatchObject({
        name: 'ConfigError',
        faults,
      });
    expect(() => ask(simulated({ id: 'a' }), query as Query)).toThrow(ConfigError);
    expect(asked).toStrictEqual([]);
  });

  it('is refused alone among many', async () => {
    asked.length = 0;
    const results = await Array.fromAsync(
      ensemble.predictAll(['Paris', '', 'Lyon', ' '], { onError: (error) => error }),
    );
    expect(results.map((result) => ('text' in result ? result.text : result.name))).toStrictEqual([
      'Paris',
      'ConfigError',
      'Lyon',
      'ConfigError',
    ]);
    expect(asked).toStrictEqual(['Paris', 'Lyon']);
  });

  it('may have earlier turns that are blank', async () => {
    const query: Query = {
      messages: [
        { role: 'user', content: '' },
        { role: 'user', content: 'Paris' },
      ],
    };
    expect((await ensemble.predict(query)).text).toBe('Paris');
  });

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
      ['predict: messages[1].content must be a string, or an array of parts, but got undefined'],
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'text' }] }, turn] },
      ['predict: messages[0].content[0].text must be a string, but got undefined'],
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

  it.each(['sytem', 'System', 'systemPrompt', 'system_instruction', 'instructions', 'preamble'])(
    'has the name of a slip among them, because %s would not be sent',
    async (name) => {
      const query = { messages: [{ role: 'user', content: '?' }], [name]: 'Answer in French.' } as Query;
      const error = await ensemble.predict(query).catch((reason) => reason);
      expect(error.faults).toStrictEqual([
        expect.stringMatching(/^predict: a query has no field .+ "system"\?$/),
      ]);
    },
  );

  it.each([
    ['temperature', 'give it as a setting: { settings: { temperature } }'],
    ['max_tokens', 'give it as a setting: { settings: { maxOutputTokens } }'],
    ['topP', 'give it as a setting: { settings: { topP } }'],
    ['response_format', 'give it to the models, where they are made'],
    ['signal', 'pass it as an option: predict(query, { signal })'],
    ['abortSignal', 'pass it as an option: predict(query, { signal })'],
    ['normalization', 'pass it as an option: predict(query, { normalization })'],
    ['samples', 'pass it as an option: predict(query, { samples })'],
    ['stream', 'use stream(query)'],
    ['mesages', 'did you mean "messages"?'],
  ])('has what belongs elsewhere among them: %s', async (name, fix) => {
    const query = { messages: [{ role: 'user', content: '?' }], [name]: 0 } as Query;
    const error = await ensemble.predict(query).catch((reason) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.faults).toStrictEqual([expect.stringMatching(/^predict: a query has no field .+; /)]);
    expect(error.faults[0].endsWith(`; ${fix}`)).toBe(true);
  });

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
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('user', 'assistant', 'system', ' ', ''),
  );
  const odds = fc.record({ role: odd, content: odd }, { requiredKeys: [] });
  const conversation = fc.record(
    {
      messages: fc.array(
        fc.oneof(fc.constant(turn), fc.record({ role: odd, content: fc.string() }), odds, odd),
        { maxLength: 3 },
      ),
      system: odd,
      prompt: odd,
    },
    { requiredKeys: ['messages'] },
  );
  const isText = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '';
  const isValid = ({ messages, system, prompt }: Record<string, unknown>): boolean =>
    Array.isArray(messages) &&
    messages.length > 0 &&
    isText(messages.findLast((each) => each?.role !== 'system')?.content) &&
    (prompt === undefined || isText(prompt)) &&
    messages.every(
      (each) => ['user', 'assistant', 'system'].includes(each?.role) && typeof each.content === 'string',
    ) &&
    (system === undefined || typeof system === 'string');

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
      fc.asyncProperty(
        fc.oneof(conversation, fc.constantFrom('', ' '), fc.string(), fc.jsonValue({ maxDepth: 2 })),
        async (query) => {
          const isAnswered = isText(query) || isValid(Object(query));
          for (const form of forms) {
            const end = await Promise.resolve(form(query as Query)).catch((error: unknown) => error);
            expect(end instanceof ConfigError).toBe(!isAnswered);
          }
        },
      ),
      { numRuns: 500, seed: 12 },
    );
  });
});
