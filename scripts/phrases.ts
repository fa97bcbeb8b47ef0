/** Phrases that readers stumble over, in comments, in messages and in pages, each with a plain one that replaces it. */

/** A refused phrase. */
export interface Phrase {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly instead: string;
}

/** The refused phrases. Add one if it occurs again and again, has a plain replacement, and is never right. */
export const phrases: readonly Phrase[] = [
  { pattern: /\bwhat (?:becomes|became|comes|came) of\b/i, instead: 'name the result' },
  { pattern: /\b(?:who(?:m|so)?ever|(?:no|some|any)body)\b/i, instead: 'a role: caller, model, listener' },
  { pattern: /\bwhom\b/i, instead: 'a role: caller, model, listener' },
  { pattern: /\b(?:whatever|whichever)\b/i, instead: 'any, every, even if' },
  { pattern: /\b(?:is|are|was|were|be) told\b/i, instead: 'receives, is known by' },
  { pattern: /\b(?:hears?|heard) (?:of|from|the)\b/i, instead: 'receives' },
  { pattern: /\bin silence\b/i, instead: 'silently, without an error' },
  { pattern: /\btakes? it that\b/i, instead: 'assumes that' },
  { pattern: /\b(?:those|questions) to come\b/i, instead: 'future questions' },
  { pattern: /\b(?:go|goes|went|going) on\b/i, instead: 'continue' },
  { pattern: /\bgiv(?:e|es|en) up\b/i, instead: 'cancel, lose' },
  { pattern: /\bbeside\b/i, instead: 'next to, besides, compared with, together with' },
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\bonce more\b/i, instead: 'again' },
  { pattern: /\ball the same\b/i, instead: 'nevertheless' },
  { pattern: /\bas (?:it|they) stands?\b/i, instead: 'unchanged' },
  { pattern: /\bsome \d/i, instead: 'about' },
  { pattern: /\bfrom \d+ on\b/i, instead: 'at least' },
  { pattern: /\bO\([^)\n]*\) an? [a-z]/, instead: 'O(…) per' },
];

/** A refused phrase in a text. */
export interface Finding {
  readonly line: number;
  readonly phrase: string;
  readonly instead: string;
}

/**
 * Returns the refused phrases of a page in Markdown. Code is left out: fenced blocks, and texts between backticks. So are
 * addresses of links, and comments that mark tables which benchmarks write.
 */
export const refusedIn = (page: string): Finding[] =>
  page
    .replace(/^(?<fence>```+).*?^\k<fence>[^\n]*$/gms, blanked)
    .replace(/<!--.*?-->|`[^`\n]*`|\]\([^)\n]*\)/gs, blanked)
    .split('\n')
    .flatMap((line, index) => findingsIn(line, index + 1));

/** Returns the refused phrases of a source file: in its comments, without quotations, and in its messages. */
export const refusedInSource = (source: string): Finding[] =>
  source
    .replace(/^[ \t]*\* ```.*?^[ \t]*\* ```[^\n]*$/gms, blanked)
    .split('\n')
    .flatMap((line, index) => findingsIn(isComment(line) ? unquoted(line) : messagesOf(line), index + 1));

const isComment = (line: string): boolean => /^\s*(?:\/\/|\/?\*)/.test(line);

const unquoted = (line: string): string => line.replaceAll(/`[^`]*`|"[^"]*"/g, ' ');

/** The strings of a line that are sentences: of four words or more. */
const messagesOf = (line: string): string =>
  (line.match(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [])
    .filter((text) => text.split(' ').length > 3)
    .join('\n');

const findingsIn = (line: string, number: number): Finding[] =>
  phrases.flatMap(({ pattern, instead }) => {
    const [phrase] = pattern.exec(line) ?? [];
    return phrase === undefined ? [] : [{ line: number, phrase, instead }];
  });

/** Keeps the line breaks of a text, so that lines keep their numbers. */
const blanked = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
