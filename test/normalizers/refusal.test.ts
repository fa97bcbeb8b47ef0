import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/normalizers/reading/refusal.ts';

const sorry = String.raw`(?:(?:i'm|i am|we're|we are)(?: so| very)? (?:sorry|afraid)|sorry|apologies|i apologi[sz]e|unfortunately)\b`;
const cannot = String.raw`(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't|did not|didn't|am unable to|am not able to|was unable to|was not able to) (?:have|find|know|provide|answer|determine|help|assist|tell you|say(?= (?:who|what|when|where|why|how|if|whether|for)\b|[.,!]|$)|identify|locate|recall)\b`;
const unable = String.raw`(?:i'm|i am) (?:unable|not able|not sure|not aware|not certain|not familiar)\b`;
const others = String.raw`i have no (?:information|idea|knowledge|record|data)\b|(?:it is|it's) (?:unclear|unknown|not (?:clear|known))\b|there (?:is|was) (?:no|not enough) information\b|(?:could|can) you (?:please )?(?:provide|clarify|specify)\b|please (?:provide|clarify|specify)\b`;
const refuses = `${cannot}|${unable}|${others}`;

/** As one expression, which takes longer to compile. */
const atOnce = new RegExp(
  String.raw`^(?:as an ai\b[^.,]*[.,]\s*)?(?:${refuses}|${sorry}[,.!;:]?\s*(?:but\s+)?(?:that\s+)?(?:${refuses}))`,
  'i',
);

/** Continues with an answer all the same. */
const butAnswers = /\bbut (?!i\b|there (?:is|are|was|were)\b|without\b|it is not\b|it's not\b)\b/i;

const pieces = [
  'As an AI language model, ',
  'as an ai.',
  "I'm sorry",
  'We are very afraid',
  'Sorry',
  'Apologies',
  'I apologise',
  'Unfortunately',
  ', ',
  '. ',
  ': ',
  ' ',
  '\n',
  'but ',
  'that ',
  'I ',
  'we ',
  "can't ",
  'do not ',
  'know',
  'say who',
  'say so',
  'say',
  "I'm not sure",
  'I have no idea',
  "It's unclear",
  'there is no information',
  'could you please clarify',
  'please specify',
  'Carl Voss lost',
  '',
];

describe('what opens as a refusal', () => {
  it('is the same read in steps and at once', () => {
    const texts = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 7 })
      .map((some) => some.join('').trimStart());
    let refusals = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const expected = atOnce.test(text) && !butAnswers.test(text);
        if (expected) refusals += 1;
        expect(isRefusal(text)).toBe(expected);
      }),
      { numRuns: 4000 },
    );
    expect(refusals).toBeGreaterThan(100);
  });
});
