import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, type Query } from '../../src/index.ts';

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

  it.each([undefined, null, 42, {}, { messages: [] }, { messages: [{ role: 'user' }] }, ['What?']])(
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
