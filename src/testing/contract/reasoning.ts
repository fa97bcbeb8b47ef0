import assert from 'node:assert/strict';
import { eventStream, json } from '../replies.ts';
import { answered } from './answers.ts';
import type { Clause } from './clause.ts';

const SERVED = {
  text: '391, so be it.',
  reasoning: 'Seventeen times twenty is 340; three times 17 is 51 🦊.',
  usage: { inputTokens: 11, outputTokens: 7 },
};

/** Answers with reasoning before them. */
export const reasoningClauses: readonly Clause[] = [
  {
    name: 'keeps the reasoning apart from the text',
    unless: 'no-reasoning',
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.answer(SERVED)));
      const { text, reasoning, finishReason } = answered(await ask());
      assert.deepEqual([text, reasoning, finishReason], [SERVED.text, SERVED.reasoning, 'stop']);
    },
  },
  {
    name: 'streams the reasoning as pieces of its own kind',
    unless: ['no-reasoning', 'no-streaming'],
    check: async ({ server, dialect, ask }) => {
      for (const splitEvery of [undefined, 1, 5]) {
        server.script(eventStream(dialect.events(SERVED), { ...(splitEvery && { splitEvery }) }));
        const result = await ask({ wantsDeltas: true });
        const { text, reasoning } = answered(result);
        assert.deepEqual([text, reasoning], [SERVED.text, SERVED.reasoning]);
        assert.equal(result.deltas.join(''), SERVED.text);
        const pieces = result.pieces.filter(({ kind }) => kind === 'reasoning');
        assert.equal(pieces.map(({ delta }) => delta).join(''), SERVED.reasoning);
        assert.ok(pieces.length > 1, 'more than one piece');
      }
    },
  },
];
