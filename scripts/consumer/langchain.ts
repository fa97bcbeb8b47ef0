/** An ensemble as a chat model of LangChain, with chat models of LangChain as members. */
import assert from 'node:assert/strict';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { createEnsemble } from 'crucible-ensemble';
import { EnsembleChatModel, fromLangChain } from 'crucible-ensemble/langchain';
import type { Checks } from './checks.ts';

const panel = createEnsemble({
  models: ['Paris', 'Rome', 'paris'].map((text, index) =>
    fromLangChain(new FakeListChatModel({ responses: [text] }), { id: `member-${index}` }),
  ),
});

export const checks: Checks = {
  'answers as a chat model does': async () => {
    const model = new EnsembleChatModel({ ensemble: panel, model: 'panel' });
    const message = await model.invoke('What is the capital of France?');
    assert.equal(message.text, 'Paris');
    const { votes } = message.response_metadata.ensemble as { votes: object };
    assert.deepEqual(votes, { paris: 2, rome: 1 });
  },
  'streams, with the events of members': async () => {
    const heard: string[] = [];
    const handler = { handleCustomEvent: (name: string) => void heard.push(name) };
    const model = new EnsembleChatModel({ ensemble: panel });
    let text = '';
    for await (const chunk of await model.stream('?', { callbacks: [handler] })) text += chunk.text;
    assert.equal(text, 'Paris');
    assert.equal(heard.filter((name) => name === 'crucible.votes').length, 3);
  },
};
