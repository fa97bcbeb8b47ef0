/** Ensembles as models of the AI SDK, and its models as members, by the interface alone. */
import assert from 'node:assert/strict';
import { APICallError, type LanguageModelV4 } from '@ai-sdk/provider';
import { createEnsemble, defineModel } from 'crucible-ensemble';
import { ensembleMetadata, ensembleModel, fromAiSdk } from 'crucible-ensemble/ai-sdk';
import type { Checks } from './checks.ts';

const models = ['4', '4', '5'].map((answer, index) => defineModel(`model-${index}`, () => answer));
const panel: LanguageModelV4 = ensembleModel(createEnsemble({ models, normalization: 'numeric' }));
const call = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is 2 + 2?' }] }],
};

export const checks: Checks = {
  'answers a call with the text that won': async () => {
    const { content, providerMetadata } = await panel.doGenerate(call);
    assert.deepEqual(content, [{ type: 'text', text: '4' }]);
    assert.deepEqual(ensembleMetadata(providerMetadata)?.votes, { '4': 2, '5': 1 });
  },
  'streams the votes and the text': async () => {
    const { stream } = await panel.doStream(call);
    const types: string[] = [];
    const reader = stream.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) types.push(part.value.type);
    assert.deepEqual(
      [types.filter((type) => type === 'custom').length, types.slice(-4)],
      [6, ['text-start', 'text-delta', 'text-end', 'finish']],
    );
  },
  'fails with an error of the package that is not retryable': async () => {
    const down = ensembleModel(
      createEnsemble({ models: [defineModel('down', () => Promise.reject(new Error('x')))] }),
    );
    const error = await Promise.resolve(down.doGenerate(call)).catch((failure: unknown) => failure);
    assert.ok(APICallError.isInstance(error) && !error.isRetryable);
  },
  'asks a model of the AI SDK as a member': async () => {
    const member = fromAiSdk(panel);
    const { answer, metadata } = await createEnsemble({ models: [member] }).predict('What is 2 + 2?');
    assert.deepEqual([answer, metadata.modelsUsed], ['4', ['crucible/ensemble']]);
  },
};
