import type { Content } from './content.ts';
import { type Term, type WordIndex, wordIndex } from './word-index.ts';

/** Items of equal content. */
export interface Entry<Item> {
  readonly content: Content;
  /** The shortest of their texts; of several the first in alphabetical order. */
  text: string;
  /** Its place among the entries, from 0. */
  readonly place: number;
  readonly items: Item[];
  /** The words of its gist. */
  readonly words: readonly { readonly term: Term; readonly weight: number }[];
}

/** Items by their contents, and the contents by their words. */
export interface ContentIndex<Item> {
  readonly entries: readonly Entry<Item>[];
  readonly words: Pick<WordIndex, 'find'>;
  /** Adds an item. The content is read only if the text is new. */
  add(text: string, read: () => Content, item: Item): void;
}

export const contentIndex = <Item>(): ContentIndex<Item> => {
  const words = wordIndex();
  const entries: Entry<Item>[] = [];
  const byText = new Map<string, Entry<Item>>();
  const byContent = new Map<string, Entry<Item>>();
  const enter = (content: Content, text: string): Entry<Item> => {
    const place = entries.length;
    const entered = Array.from(content.gist, ([form, weight]) => ({ term: words.enter(form), weight }));
    for (const { term } of entered) term.places.push(place);
    const entry = { content, text, place, items: [], words: entered };
    entries.push(entry);
    return entry;
  };
  const entryOf = (text: string, content: Content): Entry<Item> => {
    const key = keyOf(content);
    const entry = byContent.get(key) ?? enter(content, text);
    byText.set(text, entry);
    byContent.set(key, entry);
    return entry;
  };
  return {
    entries,
    words,
    add(text, read, item) {
      const entry = byText.get(text) ?? entryOf(text, read());
      if (isBefore(text, entry.text)) entry.text = text;
      entry.items.push(item);
    },
  };
};

const isBefore = (one: string, other: string): boolean =>
  one.length < other.length || (one.length === other.length && one < other);

/** Equal for equal contents. */
const keyOf = ({ gist, facts, denied, poles, names, relations, signs }: Content): string =>
  [
    sorted(Array.from(gist, ([form, weight]) => (weight === 1 ? form : `${form} ${weight}`))),
    sorted([...facts.values()].flat().map(({ slot, value }) => `${slot} ${value}`)),
    sorted([...denied].filter((form) => gist.has(form))),
    sorted([...poles.keys()]),
    sorted(Array.from(names, ([slot, all]) => `${slot} ${all.join()}`)),
    sorted(Array.from(relations, ([first, { words, second }]) => `${first} ${words} ${second}`)),
    signs,
  ].join('\n');

const sorted = (texts: string[]): string => (texts.length > 1 ? texts.sort().join(', ') : (texts[0] ?? ''));
