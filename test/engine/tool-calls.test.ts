import { concat, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { given } from '../../src/domain/given.ts';
import {
  answerKey,
  bestConfidence,
  createEnsemble,
  defineModel,
  type ModelResponse,
  type Query,
  toolCalls,
  weighted,
} from '../../src/index.ts';
import { csvRow, explain } from '../../src/metrics/metrics.ts';
import { ask } from '../../src/operators/operators.ts';

const properties = {
  place: { type: 'string' },
  guests: { type: 'integer' },
  outside: { type: 'boolean', default: false },
};
const query: Query = {
  messages: [{ role: 'user', content: 'A table for four at the Lido' }],
  tools: {
    'table.book': { inputSchema: { type: 'object', properties, required: ['place', 'guests'] } },
    cancel: { inputSchema: { type: 'object', properties: {} } },
  },
};
const calling = (id: string, input: unknown, more: Partial<ModelResponse> = {}, toolName = 'table_book') =>
  defineModel(id, () => ({ text: '', toolCalls: [{ toolName, input, toolCallId: id }], ...more }));
const saying = (id: string, text: string) => defineModel(id, () => text);
const booked = (input: unknown) => [{ toolName: 'table.book', input }];

describe('a query with tools', () => {
  const models = [
    calling('a', { place: 'Lido', guests: 4 }),
    calling('b', '{"guests": 4.0, "place": "lido", "outside": false}'),
    calling('c', { place: 'Lido', guests: 5 }),
  ];

  it('is answered by the calls that most models made', async () => {
    const prediction = await createEnsemble({ models }).predict(query);
    expect(prediction).toMatchObject({
      answer: booked({ place: 'Lido', guests: 4 }),
      toolCalls: booked({ place: 'Lido', guests: 4 }),
      text: '[{"toolName":"table.book","input":{"place":"Lido","guests":4}}]',
      metadata: {
        consensus: 2 / 3,
        votes: {
          'table.book({"guests":4,"place":"lido"})': 2,
          'table.book({"guests":5,"place":"lido"})': 1,
        },
        warnings: [],
      },
    });
  });

  it('is answered alike as a stream, by predict$ and by ask', async () => {
    const ensemble = createEnsemble({ models });
    const events = await lastValueFrom(ensemble.stream(query).pipe(toArray()));
    const completed = events.find(({ type }) => type === 'complete');
    expect(completed).toMatchObject({ prediction: { toolCalls: booked({ place: 'Lido', guests: 4 }) } });
    const { toolCalls } = await firstValueFrom(ensemble.predict$(query));
    expect(toolCalls).toStrictEqual(booked({ place: 'Lido', guests: 4 }));
    const outcome = await firstValueFrom(ask(models[1] as (typeof models)[0], query));
    expect(outcome).toMatchObject({
      status: 'answered',
      answer: booked({ guests: 4, place: 'lido', outside: false }),
      key: 'table.book({"guests":4,"place":"lido"})',
    });
  });

  it('may be answered by no call, which is empty', async () => {
    const prediction = await createEnsemble({
      models: [saying('a', 'None fits.'), calling('b', {}, {}, 'cancel'), saying('c', 'Which Lido?')],
    }).predict(query);
    expect(prediction).toMatchObject({ answer: [], toolCalls: [], text: 'None fits.' });
    expect(prediction.metadata.votes).toStrictEqual({ 'no call': 2, 'cancel({})': 1 });
  });

  it('has the commonest text of the models that call none', async () => {
    const texts = ['It is 400.', '391', 'The answer is **391**.'];
    const models = texts.map((text, index) => saying(`m${index}`, text));
    const { text, metadata } = await createEnsemble({ models }).predict(query);
    expect(text).toBe('391');
    expect(metadata).toMatchObject({ votes: { 'no call': 3 }, consensus: 1, warnings: [] });
  });

  it.each([
    { texts: ['391', '391', '391', '400'], text: '391', asked: 3 },
    { texts: ['400', '391', '391', '400', '391'], text: '391', asked: 5 },
  ])('is not decided while a text to come may be the commonest: $texts', async ({ texts, text, asked }) => {
    const oneByOne = createEnsemble({
      models: texts.map((said, index) => saying(`m${index}`, said)),
      execution: { schedule: (calls) => concat(...calls) },
      earlyStop: 'decided',
    });
    const prediction = await oneByOne.predict(query);
    expect(prediction.text).toBe(text);
    expect(prediction.outcomes).toHaveLength(asked);
  });

  it.each([
    ['no two texts are alike', ['391', '400', '17'], /^the models agree .+ of 3 texts only 1 is like/],
    [
      'no text has more than half',
      ['391', '400', '391', '17'],
      / of 4 texts only 2 are like that of the .+orText/,
    ],
  ])('warns if %s', async (_, texts, warning) => {
    for (const normalization of [undefined, toolCalls()]) {
      const models = texts.map((text, index) => saying(`m${index}`, text));
      const { metadata } = await createEnsemble({ models, ...given({ normalization }) }).predict(query);
      expect(metadata.warnings).toStrictEqual([expect.stringMatching(warning)]);
    }
  });

  it('says why a model abstains, and quotes nothing that it wrote', async () => {
    const { metadata, outcomes } = await createEnsemble({
      models: [calling('a', {}, {}, 'cancel'), calling('b', { hunter2: 1 }, {}, 'cancel')],
    }).predict(query);
    expect(outcomes[1]).toMatchObject({
      status: 'abstained',
      reason: 'the model gave "cancel" an argument that the tool does not have',
    });
    expect(JSON.stringify(metadata)).not.toContain('hunter2');
  });

  it('has texts for answers if no tool may be called, or if texts are asked for', async () => {
    const ensemble = createEnsemble({ models: [saying('a', 'Paris'), saying('b', ' paris.')] });
    expect(await ensemble.predict({ ...query, toolChoice: 'none' })).toMatchObject({
      answer: 'paris',
      toolCalls: [],
    });
    expect(await ensemble.predict(query, { normalization: 'lowercaseTrim' })).toMatchObject({
      answer: 'paris',
      toolCalls: [],
    });
    expect(await ensemble.predict('Where?')).not.toHaveProperty('toolCalls');
  });

  it('keeps the calls next to an answer that is read in another way', async () => {
    const { answer, toolCalls } = await createEnsemble({
      models: [calling('a', { place: 'Lido', guests: 4 }, { text: 'Booking it' })],
      normalization: 'lowercaseTrim',
    }).predict(query);
    expect([answer, toolCalls]).toStrictEqual([
      'booking it',
      [{ toolName: 'table_book', input: { place: 'Lido', guests: 4 } }],
    ]);
  });

  it('is handed on by an ensemble that is a model, with its calls', async () => {
    const inner = createEnsemble({ models }).asModel('panel');
    const response = await firstValueFrom(inner.call({ ...query, prompt: '?' } as never));
    expect(response).toMatchObject({ text: '', toolCalls: booked({ place: 'Lido', guests: 4 }) });
    const outer = createEnsemble({ models: [inner, calling('d', { place: 'LIDO', guests: '4' })] });
    expect(await outer.predict(query)).toMatchObject({
      toolCalls: booked({ place: 'Lido', guests: 4 }),
      metadata: { consensus: 1 },
    });
  });

  it('is no mark of a failed normalization if all calls differ', async () => {
    const { metadata } = await createEnsemble({
      models: [calling('a', { place: 'A', guests: 1 }), calling('b', { place: 'B', guests: 1 })],
    }).predict(query);
    expect(metadata.warnings).toStrictEqual([]);
  });
});

describe('among the wordings of the winner', () => {
  const lido = (id: string, place: string, confidence?: number) =>
    calling(id, { place, guests: 4 }, confidence === undefined ? {} : { confidence });
  const placeOf = async (models: readonly ReturnType<typeof lido>[], strategy = weighted()) => {
    const { toolCalls, outcomes } = await createEnsemble({ models, strategy, earlyStop: 'decided' }).predict(
      query,
    );
    return [(toolCalls?.[0]?.input as { readonly place: string } | undefined)?.place, outcomes.length];
  };

  it('the commonest is the answer, and the first one of a tie', async () => {
    expect(await placeOf([lido('a', 'lido'), lido('b', 'Lido'), lido('c', 'Lido')])).toStrictEqual([
      'Lido',
      3,
    ]);
    expect(await placeOf([lido('a', 'lido'), lido('b', 'Lido')])).toStrictEqual(['lido', 2]);
  });

  it('the most confident is the answer of the most confident model', async () => {
    const models = [lido('a', 'lido', 0.5), lido('b', 'Lido', 0.9), lido('c', 'lido', 0.5)];
    expect(await placeOf(models, bestConfidence())).toStrictEqual(['Lido', 3]);
    const { metadata } = await createEnsemble({ models }).predict(query);
    expect(metadata.confidence).toBe(0.9);
  });
});

describe('calls of tools in what is printed', () => {
  const models = [
    calling('a', { place: 'Lido', guests: 4 }),
    calling('b', { place: 'LIDO', guests: 4 }),
    calling('c', {}, {}, 'cancel'),
  ];

  it('are in a row of a table as they are called', async () => {
    const value = await createEnsemble({ models }).predict(query);
    expect(csvRow({ value, timestamp: 0 }).answer).toBe(
      '[{"input":{"guests":4,"place":"Lido"},"toolName":"table.book"}]',
    );
  });

  it('are explained by their votes', async () => {
    const { text } = explain(await createEnsemble({ models }).predict(query));
    expect(text).toContain('by majority, with 2 of 3 votes; the runner-up “cancel({})” has 1');
    expect(text).toContain('For it: a and b.');
  });

  it('are explained by their votes after they were written as JSON', async () => {
    const prediction = await createEnsemble({ models }).predict(query);
    const revived = JSON.parse(JSON.stringify(prediction)) as typeof prediction;
    expect(explain(revived).text).toBe(explain(prediction).text);
    expect(answerKey(prediction.answer)).toBe('table.book({"guests":4,"place":"lido"})');
  });
});
