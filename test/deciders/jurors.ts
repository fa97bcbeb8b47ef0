import { defineModel, type Model, type ModelResponse } from '../../src/index.ts';
import { shownIn } from './judges.ts';

/** What a juror makes of a text, in place of a model's judgement. */
export type Opinion = (text: string) => string | number;

/** The order in which a juror is shown two answers, and what it says of each. */
const better = (texts: readonly string[], opinion: Opinion): string => {
  const [a = 0, b = 0] = texts.map((text) => Number(opinion(text)));
  return a === b ? 'tie' : a > b ? 'A' : 'B';
};

/** A juror that grades a single answer by its opinion, and prefers the better graded of two. */
export const juror = (
  id: string,
  opinion: Opinion,
  more: Partial<ModelResponse> = {},
  prompts: string[] = [],
): Model =>
  defineModel(id, (prompt) => {
    prompts.push(prompt);
    const texts = [...shownIn(prompt).values()];
    const grade = texts.length === 1 ? opinion(texts[0] as string) : better(texts, opinion);
    return { text: JSON.stringify({ reason: `${id} says so`, grade }), costUsd: 1, ...more };
  });

/** A juror that chooses the answer that it likes most among all that it is shown. */
export const chooser = (id: string, opinion: Opinion): Model =>
  defineModel(id, (prompt) => {
    const [best] = [...shownIn(prompt)].sort(([, a], [, b]) => Number(opinion(b)) - Number(opinion(a)));
    return { text: JSON.stringify({ reason: `${id} likes it`, choice: best?.[0] }), costUsd: 1 };
  });

/** A juror whose replies are this text, and one whose calls fail. */
export const saying = (id: string, text: string): Model => defineModel(id, () => text);
export const broken = (id: string): Model =>
  defineModel(id, () => {
    throw new Error('down');
  });
