/** An agent of the AI SDK, driven by a panel: the members vote on each call of a tool. `node agent.ts` needs no key. */
import { ToolLoopAgent, tool } from 'ai';
import { ensembleMetadata, ensembleModel } from 'crucible-ensemble/ai-sdk';
import * as z from 'zod';
import { panel } from './panel.ts';

const agent = new ToolLoopAgent({
  model: ensembleModel(panel, { modelId: 'panel' }),
  tools: {
    findCapital: tool({
      description: 'Finds the capital of a country.',
      inputSchema: z.object({ country: z.string() }),
      execute: async ({ country }) => (country === 'Italy' ? 'Rome' : 'unknown'),
    }),
    forecast: tool({
      description: 'Returns the temperature of tomorrow in a city.',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => (city === 'Rome' ? '21 °C' : '-3 °C'),
    }),
  },
});

const { text, steps, totalUsage } = await agent.generate({
  prompt: 'How warm will it be tomorrow in the capital of Italy?',
});
for (const { toolCalls, providerMetadata } of steps) {
  const { votes } = ensembleMetadata(providerMetadata) ?? {};
  console.log(
    toolCalls.map(({ toolName, input }) => `${toolName} ${JSON.stringify(input)}`).join(', ') || 'answer',
  );
  for (const [answer, count] of Object.entries(votes ?? {})) console.log(`  ${count} × ${answer}`);
}
console.log(text);
console.log(`${totalUsage.totalTokens} tokens in ${steps.length} steps`);
