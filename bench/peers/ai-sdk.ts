import { texts } from '../floors.ts';
import { peer } from './install.ts';
import { mostVotes } from './votes.ts';

interface Mock {
  /** Each call is added to it, so it is emptied. */
  doGenerateCalls: unknown[];
}
interface Sdk {
  generateText(options: {
    readonly model: Mock;
    readonly prompt: string;
  }): Promise<{ readonly text: string }>;
}
interface Mocks {
  readonly MockLanguageModelV4: new (options: { readonly doGenerate: () => Promise<unknown> }) => Mock;
}

const { generateText } = await peer<Sdk>('ai');
const { MockLanguageModelV4 } = await peer<Mocks>('ai/test');
const models = texts.map(
  (text) =>
    new MockLanguageModelV4({
      doGenerate: async () => ({
        content: [{ type: 'text', text }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: { inputTokens: { total: 10 }, outputTokens: { total: 2 } },
        warnings: [],
      }),
    }),
);

export const tasks = {
  aiSdk: async () => {
    const results = await Promise.all(models.map((model) => generateText({ model, prompt: '?' })));
    for (const model of models) model.doGenerateCalls.length = 0;
    return mostVotes(results.map(({ text }) => text));
  },
};
