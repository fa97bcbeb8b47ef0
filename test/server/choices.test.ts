import { expect, test } from 'vitest';
import { createEnsembleClient } from '../../src/client/client.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { createEnsembleHandler } from '../../src/server/server.ts';
import { post } from './post.ts';

const models = ['4', '4', '5', '6'].map((text, index) => defineModel(`m${index}`, () => text));
const writer = defineModel('writer', () => JSON.stringify({ sources: ['A', 'B'], answer: '7' }));
const ensembles = {
  panel: createEnsemble({ models, normalization: 'numeric' }),
  fixed: createEnsemble({ models, normalization: 'numeric' }),
};
const { fetch } = createEnsembleHandler({ ensembles, choices: { panel: [...models, writer] } });

const messages = [{ role: 'user', content: 'What is 2 + 2?' }];
const ask = async (plugins: unknown, model = 'panel') => {
  const response = await fetch(post('/v1/chat/completions', { model, messages, plugins }));
  const { ensemble, choices, error } = await response.json();
  return { status: response.status, ensemble, text: choices?.[0].message.content, error };
};
const fusion = (more: object = {}) => [{ id: 'fusion', ...more }];

test('asks the models that a request chooses', async () => {
  const { text, ensemble } = await ask(fusion({ analysis_models: ['m2', 'm3', 'm1'] }));
  expect(ensemble.votes).toEqual({ '4': 1, '5': 1, '6': 1 });
  expect(text).toBe('5');
});

test('lets the chosen model write the answer if the votes do not decide', async () => {
  const undecided = await ask(fusion({ analysis_models: ['m1', 'm2'], model: 'writer' }));
  expect(undecided.text).toBe('7');
  const decided = await ask(fusion({ analysis_models: ['m0', 'm1'], model: 'writer' }));
  expect(decided.text).toBe('4');
});

test('asks the panel as it is without a choice of models, and without the plugin', async () => {
  for (const plugins of [fusion(), fusion({ enabled: false, analysis_models: ['m3'] }), [], undefined])
    expect((await ask(plugins)).ensemble.votes).toEqual({ '4': 2, '5': 1, '6': 1 });
});

test('chooses in responses, too', async () => {
  const body = { model: 'panel', input: 'What is 2 + 2?', plugins: fusion({ analysis_models: ['m2'] }) };
  const response = await fetch(post('/v1/responses', body));
  expect((await response.json()).ensemble.votes).toEqual({ '5': 1 });
});

test('chooses in messages, too, and refuses what the others refuse', async () => {
  const body = { model: 'panel', max_tokens: 100, messages };
  const chosen = await fetch(post('/v1/messages', { ...body, plugins: fusion({ analysis_models: ['m2'] }) }));
  expect((await chosen.json()).ensemble.votes).toEqual({ '5': 1 });
  for (const [plugins, param] of [
    [[{ id: 'web' }], 'plugins[0].id'],
    ['fusion', 'plugins'],
    [fusion({ analysis_models: ['gpt'] }), 'plugins[0].analysis_models[0]'],
  ] as const) {
    const refused = await fetch(post('/v1/messages', { ...body, plugins }));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', param },
    });
  }
});

test('chooses natively, and by the client', async () => {
  const client = createEnsembleClient({
    url: 'http://localhost',
    ensemble: 'panel',
    fetch: (url, init) => fetch(new Request(url, init)),
  });
  const { text, metadata } = await client.predict('2 + 2?', { models: ['m1', 'm2'], writer: 'writer' });
  expect([text, metadata.votes]).toEqual(['7', { '4': 1, '5': 1 }]);
  await expect(client.predict('2 + 2?', { models: ['gpt'] })).rejects.toMatchObject({ param: 'models[0]' });
  await expect(client.predict('2 + 2?', { ensemble: 'fixed', writer: 'm1' })).rejects.toMatchObject({
    status: 400,
    param: 'writer',
  });
});

test.each([
  [
    'a model that is not among them',
    fusion({ analysis_models: ['m1', 'gpt'] }),
    'plugins[0].analysis_models[1]',
    /"m0" or "m1"/,
  ],
  ['a writer that is not among them', fusion({ model: 'gpt' }), 'plugins[0].model', /"writer"/],
  ['a model twice', fusion({ analysis_models: ['m1', 'm1'] }), 'plugins[0].analysis_models', /different/],
  ['no models', fusion({ analysis_models: [] }), 'plugins[0].analysis_models', /1 to 8/],
  ['a field that has no effect here', fusion({ preset: 'high' }), 'plugins[0].preset', /not supported/],
  ['another plugin', [{ id: 'web' }], 'plugins[0].id', /not supported/],
  ['a plugin without a name', [{}], 'plugins[0].id', /missing/],
  ['two choices', [...fusion(), ...fusion()], 'plugins', /at most once/],
  ['no list', 'fusion', 'plugins', /a list/],
])('refuses %s', async (_what, plugins, param, message) => {
  const { status, error } = await ask(plugins);
  expect(status).toBe(400);
  expect(error).toMatchObject({ param, message: expect.stringMatching(message) });
});

test('refuses a choice where there is none', async () => {
  const { status, error } = await ask(fusion({ analysis_models: ['m1'] }), 'fixed');
  expect(status).toBe(400);
  expect(error.message).toContain('may not choose the panel');
});

test('names the faults of choices before it serves', () => {
  const faulty = { other: [], panel: [{}] } as never;
  expect(() => createEnsembleHandler({ ensembles, choices: faulty })).toThrow(
    /choices\.other: there is no ensemble[\s\S]*choices\.other: option "models"[\s\S]*choices\.panel: models\[0\]/,
  );
});
