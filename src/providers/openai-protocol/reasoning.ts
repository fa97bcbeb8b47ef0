import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';

/**
 * Returns the reasoning that a message or a delta has apart from its text; empty without one. DeepSeek and local servers call
 * it `reasoning_content`, OpenRouter `reasoning`, with `reasoning_details`; Mistral writes it as parts of the content.
 */
export const reasoningIn = (message: unknown): string => {
  const { reasoning_content, reasoning, thinking, reasoning_details, content } = asObject(message);
  const plain = [reasoning_content, reasoning, thinking].find(
    (text) => typeof text === 'string' && text !== '',
  );
  return typeof plain === 'string' ? plain : partsIn(reasoning_details) || partsIn(content);
};

const partsIn = (parts: unknown): string =>
  Array.isArray(parts) ? parts.filter(isReasoning).map(textIn).join('') : '';

const isReasoning = (part: unknown): boolean => /think|reason/i.test(String(asObject(part).type));

/** The text of a part, its summary, or the texts of the parts within it; encrypted reasoning has none. */
const textIn = (part: unknown): string => {
  const { text, summary, thinking } = asObject(part);
  const found = [text, summary, thinking].find((value) => (value ?? '') !== '');
  if (Array.isArray(found)) return found.map(textIn).join('');
  return typeof found === 'string' ? found : isObject(found) ? textIn(found) : '';
};

/** A piece of what a model wrote, divided. */
interface Divided {
  readonly text: string;
  readonly reasoning: string;
}

/** Takes the reasoning in `<think>` from the head of a text that comes in pieces. */
export interface ThinkDivider {
  readonly add: (piece: string) => Divided;
  /** Returns what was held back, when no more comes. */
  readonly end: () => Divided;
}

const OPENING = /^\s*<think(?:ing)?>\s*/i;
const OPENINGS = ['<think>', '<thinking>'];
const CLOSING = /\s*<\/think(?:ing)?>\s*/i;

/** No closing tag, with the blanks before it, is longer. Longer blanks belong to the reasoning. */
const LONGEST_CLOSING = 24;

/** Creates a divider. Only what stands before the answer is reasoning; a tag within the answer is a part of it. */
export const createThinkDivider = (): ThinkDivider => {
  let held = '';
  let place: 'head' | 'reasoning' | 'text' = 'head';
  const divide = (piece: string, isEnd: boolean): Divided => {
    held += piece;
    let reasoning = '';
    for (;;) {
      if (place === 'head') {
        const opening = OPENING.exec(held)?.[0];
        if (opening !== undefined) {
          held = held.slice(opening.length);
          place = 'reasoning';
          continue;
        }
        if (!isEnd && mayOpen(held)) return { text: '', reasoning };
        place = 'text';
      }
      if (place === 'text') {
        const text = held;
        held = '';
        return { text, reasoning };
      }
      const closing = CLOSING.exec(held);
      if (closing === null) {
        const kept = isEnd ? 0 : LONGEST_CLOSING;
        const cut = Math.max(0, held.length - kept);
        reasoning += held.slice(0, cut);
        held = held.slice(cut);
        return { text: '', reasoning };
      }
      reasoning += held.slice(0, closing.index);
      held = held.slice(closing.index + closing[0].length);
      place = 'head';
    }
  };
  return { add: (piece) => divide(piece, false), end: () => divide('', true) };
};

/** Whether a beginning may become an opening tag. */
const mayOpen = (text: string): boolean => {
  const start = text.trimStart().toLowerCase();
  return OPENINGS.some((opening) => opening.startsWith(start));
};

/** Divides a whole text. */
export const divideThinking = (text: string): Divided => {
  const divider = createThinkDivider();
  const [first, rest] = [divider.add(text), divider.end()];
  return { text: first.text + rest.text, reasoning: first.reasoning + rest.reasoning };
};
