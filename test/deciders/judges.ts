import { defineModel, type Model, type ModelResponse } from '../../src/index.ts';

/** The answers that a prompt shows, by their letters, as a model that reads the tags strictly finds them. */
export const shownIn = (prompt: string): ReadonlyMap<string, string> => {
  const [, id] = /<question-(\w+)>/.exec(prompt) ?? [];
  const answers = prompt.matchAll(
    new RegExp(`<answer-([A-Z]+)-${id}[^>\\n]*>\\n([^]*?)\\n</answer-\\1-${id}>`, 'g'),
  );
  return new Map([...answers].map(([, letter = '', text = '']) => [letter, text]));
};

/** The letter under which a prompt shows the answer that matches. */
export const letterOf = (prompt: string, wanted: RegExp): string =>
  [...shownIn(prompt)].find(([, text]) => wanted.test(text))?.[0] ?? 'none';

/** A reply with a verdict. */
export const verdictFor = (choice: string, reason = 'it is right'): string =>
  JSON.stringify({ contradictions: [], gaps: [], uniquePoints: [], reason, choice });

/** A judge that chooses the answer that matches, and keeps what it was asked. */
export const judgeFor = (
  wanted: RegExp,
  asked: string[] = [],
  more: Partial<ModelResponse> = {},
  id = 'the judge',
): Model =>
  defineModel(id, (prompt) => {
    asked.push(prompt);
    return { text: verdictFor(letterOf(prompt, wanted)), costUsd: 1, ...more };
  });

/** A panel whose members say these texts, for 0.1 USD each. */
export const saying = (...texts: string[]): Model[] =>
  texts.map((text, index) => defineModel(`model-${index}`, () => ({ text, costUsd: 0.1 })));
