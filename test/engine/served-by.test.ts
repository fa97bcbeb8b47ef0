import { expect, it } from 'vitest';
import { createEnsemble, defineModel, type Model } from '../../src/index.ts';
import { fallback, reportedByProvider } from '../../src/policies/policies.ts';

const from = (provider: string, modelId: string, model: Model): Model => ({ ...model, provider, modelId });
const failing = (id: string) =>
  defineModel(id, () => {
    throw new Error('down');
  });

it('an outcome says which model of which provider answered', async () => {
  const models = [
    from(
      'openai',
      'gpt-6-luna',
      defineModel('called', () => 'yes'),
    ),
    from(
      'openai',
      'latest',
      defineModel('reported', () => ({
        text: 'yes',
        ...reportedByProvider({ metadata: { model: 'gpt-6-luna-2026-11-01' } }),
      })),
    ),
    from('groq', 'llama', failing('failed')),
    fallback('either', [
      from('openai', 'first', failing('first')),
      from(
        'anthropic',
        'second',
        defineModel('second', () => 'yes'),
      ),
    ]),
    defineModel('mine', () => 'yes'),
  ];
  const { outcomes } = await createEnsemble({ models }).predict('?');
  expect(outcomes.map(({ model, servedBy }) => [model, servedBy])).toEqual([
    ['called', 'openai/gpt-6-luna'],
    ['reported', 'openai/gpt-6-luna-2026-11-01'],
    ['failed', 'groq/llama'],
    ['either', 'anthropic/second'],
    ['mine', undefined],
  ]);
});
