import { lazily } from '../../domain/lazily.ts';
/** The words of a text up to the next comma, colon, dash, full stop or line break. */
export interface Clause {
  /** In lower case, with plain apostrophes. */
  readonly words: readonly string[];
  /** Whether the clause opens its sentence. */
  readonly opens: boolean;
  /** The character that ends the clause; a line break or the end of the text is `\n`. */
  readonly edge: string;
}

/** Words, with `isn't` as one, and the characters that end a clause or join two words. Decimals are one word. */
const TOKEN = lazily(
  () =>
    /(\p{L}[\p{L}\p{M}]*(?:['\u2019-][\p{L}\p{M}]+)*|\p{N}+(?:[.,:]\p{N}+)*|[/|&])|((?<!(?:^|\P{L})(?:dr|mr|mrs|ms|st|prof))[.](?![\p{L}\p{N}])|[!?\u2192\u21d2](?![\p{L}\p{N}])|[\r\n;,:()[\]\u2013\u2014\u3002\u3001\u060c\u061b\u061f\u0964]|(?<=\s)-+(?=\s))/giu,
);

const sentenceEdges = new Set('.!?\r\n;\u3002\u061b\u061f\u0964');

/** Returns the clauses of a text. The text is expected to be short: its reader cuts a long one first. */
export function clausesOf(text: string): readonly Clause[] {
  const clauses: Clause[] = [];
  let words: string[] = [];
  let opens = true;
  const close = (edge: string) => {
    const endsSentence = sentenceEdges.has(edge);
    if (words.length > 0) {
      clauses.push({ words, opens, edge: endsSentence && edge === '\r' ? '\n' : edge });
      words = [];
      opens = endsSentence;
    } else if (endsSentence) opens = true;
  };
  for (const [, word, edge] of text.matchAll(TOKEN())) {
    if (word !== undefined) words.push(word.toLowerCase().replaceAll('\u2019', "'"));
    else if (edge !== undefined) close(edge);
  }
  close('\n');
  return clauses;
}
