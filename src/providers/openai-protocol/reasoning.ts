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

const OPENING = /^\s*<think(?:ing)?>/i;
const OPENINGS = ['<think>', '<thinking>'];
const CLOSING = /<\/think(?:ing)?>/i;

/** The characters that are held back within reasoning: a part of its closing tag, with blanks before it. */
const HELD_WITHIN = 24;

/** The most characters that are held back before a text; more blanks belong to it. */
const HELD_BEFORE = 1000;

/**
 * Creates a divider. Only what stands before the answer is reasoning; a tag within the answer is a part of it. The reasoning
 * and the text after it have no blanks around them.
 */
export const createThinkDivider = (): ThinkDivider => {
  let held = '';
  let place: 'head' | 'reasoning' | 'text' = 'head';
  let isAfterTag = false;
  /** Takes what is held, or all but its end. */
  const take = (kept = 0): string => {
    const cut = Math.max(0, held.length - kept);
    const taken = held.slice(0, cut);
    held = held.slice(cut);
    return taken;
  };
  const enter = (next: 'head' | 'reasoning', from: number): void => {
    held = held.slice(from);
    place = next;
    isAfterTag = true;
  };
  const divide = (piece: string, isEnd: boolean): Divided => {
    held += piece;
    let reasoning = '';
    for (;;) {
      if (isAfterTag) held = held.trimStart();
      if (held === '') return { text: '', reasoning };
      if (place === 'head') {
        const opening = OPENING.exec(held)?.[0];
        if (opening === undefined) {
          if (!isEnd && mayOpen(held)) return { text: '', reasoning };
          place = 'text';
        } else enter('reasoning', opening.length);
      } else if (place === 'reasoning') {
        const closing = CLOSING.exec(held);
        if (closing === null) {
          isAfterTag = false;
          return { text: '', reasoning: reasoning + take(isEnd ? 0 : HELD_WITHIN) };
        }
        reasoning += held.slice(0, closing.index).trimEnd();
        enter('head', closing.index + closing[0].length);
      } else {
        isAfterTag = false;
        return { text: take(), reasoning };
      }
    }
  };
  return { add: (piece) => divide(piece, false), end: () => divide('', true) };
};

/** Whether a beginning may become an opening tag. */
const mayOpen = (text: string): boolean => {
  if (text.length > HELD_BEFORE) return false;
  const start = text.trimStart().toLowerCase();
  return OPENINGS.some((opening) => opening.startsWith(start));
};

/** Divides a whole text. */
export const divideThinking = (text: string): Divided => {
  if (!OPENING.test(text)) return { text, reasoning: '' };
  const divider = createThinkDivider();
  const [first, rest] = [divider.add(text), divider.end()];
  return { text: first.text + rest.text, reasoning: first.reasoning + rest.reasoning };
};
