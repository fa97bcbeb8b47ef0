import { answerKey } from '../domain/answer-key.ts';
import { abstentionReason } from '../domain/normalizer.ts';
import type { Vote } from '../domain/outcome.ts';
import { takeReadingNotes } from '../domain/reading-notes.ts';
import { namedNormalizers } from '../normalizers/normalizers.ts';

/** Any more texts would say the same. */
const MOST_TEXTS = 100;

/** What each normalizer would read, and its name. */
const readings = [
  ['numeric', 'number'],
  ['boolean', 'boolean'],
  ['json', 'JSON value'],
] as const;

/**
 * Returns a warning for votes that all differ as texts, and says which normalization would read the same from several of them.
 */
export const normalizationWarning = (votes: readonly Vote[]): string | undefined => {
  const texts = votes.map(({ response }) => response.text);
  const all = `all ${texts.length} answers differ as texts`;
  const fits = readings
    .map(([name, noun]) => ({ name, noun, count: mostAlike(name, texts) }))
    .filter(({ count }) => count > 1)
    .toSorted((one, other) => other.count - one.count)
    .map(
      ({ name, noun, count }) =>
        `\`normalization: '${name}'\` would read the same ${noun} from ${count} of them`,
    );
  if (fits.length > 0) return `${all}; ${fits.join(', and ')}`;
  const hasFormula = texts.some(isFormula);
  if (!hasFormula && areProse(texts))
    return `${all}, as answers in prose do; set \`grouping\` to \`byContent()\` of crucible-ensemble/grouping, which counts those that say the same`;
  return `${all}, and neither 'numeric', 'boolean' nor 'json' reads the same from two of them; if they mean the same, set \`normalization\` to \`choice(options)\`, to \`schema(…)\`, or to a function that returns the part that counts${hasFormula ? '; formulas, to `math()` of crucible-ensemble/math' : ''}`;
};

/** Whether most texts have the length of a sentence, and are no JSON. */
const areProse = (texts: readonly string[]): boolean => {
  const sentences = texts.filter((text) => {
    const trimmed = text.trim();
    return trimmed.length >= SHORTEST_SENTENCE && !/^[[{`]/.test(trimmed);
  });
  return 2 * sentences.length > texts.length;
};

/** A shorter text is a name, a label or a number. */
const SHORTEST_SENTENCE = 25;

/** Whether a text has a formula: a command of LaTeX, a root, a power. */
const isFormula = (text: string): boolean =>
  /\\(?:[dt]?frac|sqrt|boxed|pi|cdot|times|infty|pm)\b|[√π∞²³]|\w\^[\w{(]/.test(
    text.slice(0, LONGEST_FORMULA),
  );

/** How much of a text is looked at for a formula. */
const LONGEST_FORMULA = 10_000;

/** From how many texts a normalizer reads the answer that it reads most often. */
const mostAlike = (name: (typeof readings)[number][0], texts: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const text of texts.slice(0, MOST_TEXTS)) {
    const answer = namedNormalizers[name](text);
    if (abstentionReason(answer) !== undefined) continue;
    const key = answerKey(answer);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  takeReadingNotes();
  return Math.max(0, ...counts.values());
};
