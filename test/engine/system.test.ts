import fc from 'fast-check';
import { lastValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { callKey, fineTuningExample } from '../../src/experiment/experiment.ts';
import { createEnsemble, defineModel, type ModelRequest, type Query } from '../../src/index.ts';
import { predictWith } from '../../src/operators/operators.ts';
import { inputMessages } from '../../src/telemetry/opentelemetry/messages.ts';

const requests: ModelRequest[] = [];
const models = [
  defineModel('m', (question, { request }) => {
    requests.push(request);
    return question;
  }),
];

const last = (): ModelRequest => requests.at(-1) as ModelRequest;

/** What a model receives of a query, and of the `system` of its ensemble and of its prediction. */
const received = async (query: Query, ofEnsemble?: string, ofPrediction?: string): Promise<ModelRequest> => {
  const options = ofEnsemble === undefined ? { models } : { models, system: ofEnsemble };
  await createEnsemble(options).predict(query, ofPrediction === undefined ? {} : { system: ofPrediction });
  return last();
};

const question = { role: 'user', content: 'Why?' } as const;

describe('the instructions of a request', () => {
  const turns: Query = { system: 'Be brief.', messages: [question] };
  it.each<
    readonly [from: string, query: Query, ensemble: string | undefined, prediction: string | undefined]
  >([
    ['the query', turns, undefined, undefined],
    ['a message', { messages: [{ role: 'system', content: 'Be brief.' }, question] }, undefined, undefined],
    [
      'a later message',
      { messages: [question, { role: 'system', content: 'Be brief.' }] },
      undefined,
      undefined,
    ],
    ['the ensemble, for a text', 'Why?', 'Be brief.', undefined],
    ['the ensemble, for a conversation', { messages: [question] }, 'Be brief.', undefined],
    ['the prediction', 'Why?', undefined, 'Be brief.'],
    ['the prediction rather than the ensemble', 'Why?', 'Be long.', 'Be brief.'],
    ['the query rather than the ensemble', turns, 'Be long.', undefined],
    ['the query rather than the prediction', turns, undefined, 'Be long.'],
    [
      'a message rather than the ensemble',
      { messages: [{ role: 'system', content: 'Be brief.' }, question] },
      'Be long.',
      'Be longer.',
    ],
  ])('are those of %s, and the call is the same', async (_, query, ofEnsemble, ofPrediction) => {
    const request = await received(query, ofEnsemble, ofPrediction);
    expect(request).toMatchObject({ prompt: 'Why?', system: 'Be brief.', messages: [question] });
    const plain = { prompt: 'Why?', system: 'Be brief.', messages: [question] };
    expect(await callKey({ id: 'm' }, request)).toBe(await callKey({ id: 'm' }, plain));
    expect(await callKey({ id: 'm' }, request)).not.toBe(
      await callKey({ id: 'm' }, { ...plain, system: 'B' }),
    );
  });

  it('are joined with an empty line between them: those of the query, then its messages in their order', async () => {
    const part = fc.constantFrom('Be brief.', 'Be kind.', '', 'Rhyme.');
    await fc.assert(
      fc.asyncProperty(fc.option(part), fc.array(part), fc.array(part), async (own, before, after) => {
        const asSystem = (content: string) => ({ role: 'system', content }) as const;
        const query: Query = {
          ...(own !== null && { system: own }),
          messages: [...before.map(asSystem), question, ...after.map(asSystem)],
        };
        const parts = [own ?? '', ...before, ...after].filter((text) => text !== '');
        const request = await received(query);
        expect(request.system).toBe(parts.length === 0 ? undefined : parts.join('\n\n'));
        expect(request).toMatchObject({ prompt: 'Why?', messages: [question] });
      }),
      { numRuns: 50 },
    );
  });

  it.each<Query>([
    { system: '', messages: [question] },
    { messages: [{ role: 'system', content: '' }, question] },
  ])('are none if a query has empty ones: %o', async (query) => {
    expect(await received(query, 'Be long.')).not.toHaveProperty('system');
  });

  it('are none if the ensemble has an empty text', async () => {
    expect(await received('Why?', '')).not.toHaveProperty('system');
  });

  it.each([
    [
      [{ role: 'system', content: 'Be brief.' }],
      /^predict: messages must end with the question, but all of them/,
    ],
    [
      [{ role: 'system', content: 7 }, question],
      /^predict: messages\[0\].content must be a string, but got 7$/,
    ],
    [
      [{ role: 'developer', content: 'x' }, question],
      /'assistant' or 'tool', but got .*; instructions have the role 'system'$/,
    ],
  ])('are refused with faults: %o', async (messages, fault) => {
    const prediction = createEnsemble({ models }).predict({ messages } as Query);
    await expect(prediction).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(fault),
    });
  });

  it('are refused if the ensemble has no text', () => {
    expect(() => createEnsemble({ models, system: 7 as never })).toThrow(
      'createEnsemble: option "system" must be a string, but got 7',
    );
  });

  it('reach every way of asking', async () => {
    const ensemble = createEnsemble({ models, system: 'Be brief.' });
    const sent: (string | undefined)[] = [];
    const note = () => sent.push(last().system);
    for await (const _ of ensemble.predictAll(['Why?'])) note();
    for await (const _ of ensemble.predictAll(['Why?'], { system: 'Rhyme.' })) note();
    await lastValueFrom(of('Why?').pipe(predictWith(ensemble, { system: 'Rhyme.' })));
    note();
    await lastValueFrom(ensemble.stream('Why?'));
    note();
    const outer = createEnsemble({ models: [ensemble.asModel()] });
    await outer.predict('Why?');
    note();
    await outer.predict('Why?', { system: 'Rhyme.' });
    note();
    expect(sent).toEqual(['Be brief.', 'Rhyme.', 'Rhyme.', 'Be brief.', 'Be brief.', 'Rhyme.']);
  });
});

describe('the instructions of an ensemble', () => {
  const predictionOf = (query: Query) => createEnsemble({ models, system: 'Be brief.' }).predict(query);

  it('are told by the prediction, whose query stays as it was given', async () => {
    expect(await predictionOf('Why?')).toMatchObject({ query: 'Why?', system: 'Be brief.' });
    expect(await predictionOf({ system: 'Rhyme.', messages: [question] })).not.toHaveProperty('system');
    expect(await createEnsemble({ models }).predict('Why?')).not.toHaveProperty('system');
  });

  it('are part of an example for fine-tuning', async () => {
    expect(fineTuningExample(await predictionOf('Why?'), { format: 'openai' })).toEqual({
      messages: [{ role: 'system', content: 'Be brief.' }, question, { role: 'assistant', content: 'Why?' }],
    });
  });

  it('are part of the query in events', async () => {
    const ensemble = createEnsemble({ models, system: 'Be brief.' });
    const queries: Query[] = [];
    ensemble.events$.subscribe((event) => {
      if (event.type === 'predict:start') queries.push(event.query);
    });
    await ensemble.predict('Why?');
    await ensemble.predict('Why?', { system: '' });
    expect(queries).toEqual([{ system: 'Be brief.', messages: [question] }, 'Why?']);
    expect(inputMessages(queries[0] as Query)).toMatchObject({
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be brief.' }]),
    });
  });

  it('keep calls with other instructions apart in a cache', async () => {
    const ensemble = createEnsemble({ models, cache: true });
    const before = requests.length;
    for (const system of ['Be brief.', 'Rhyme.', 'Be brief.']) await ensemble.predict('Why?', { system });
    await ensemble.predict({ messages: [{ role: 'system', content: 'Rhyme.' }, question] });
    expect(requests.length - before).toBe(2);
  });
});
