import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThinkDivider, divideThinking } from '../../src/providers/openai-protocol/reasoning.ts';

describe('reasoning at the head of a text', () => {
  it('is the same however the text is divided into pieces', () => {
    const fragments = [
      '<think>',
      '</think>',
      '<thinking>',
      '</thinking>',
      '<',
      'thi',
      'nk>',
      ' ',
      '\n\n',
      'a',
      '4',
    ];
    const texts = fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((parts) => parts.join(''));
    const cuts = fc
      .array(fc.nat(60), { maxLength: 8 })
      .map((places) => [...new Set(places)].sort((a, b) => a - b));
    fc.assert(
      fc.property(texts, cuts, (text, places) => {
        const divider = createThinkDivider();
        const pieces = [0, ...places].map((from, index) =>
          divider.add(text.slice(from, places[index] ?? text.length)),
        );
        const all = [...pieces, divider.end()];
        expect({
          text: all.map((piece) => piece.text).join(''),
          reasoning: all.map((piece) => piece.reasoning).join(''),
        }).toStrictEqual(divideThinking(text));
      }),
      { numRuns: 3000, seed: 15 },
    );
  });
});
