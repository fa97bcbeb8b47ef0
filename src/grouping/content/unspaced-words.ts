const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether a run of letters is in a script that writes no blanks between words. */
export const isUnspaced = (run: string): boolean => run.charCodeAt(0) > 0xe00 && unspaced.test(run);

let segmenter: Intl.Segmenter | undefined;

/** Returns the words of a run of letters in such a script, by the dictionaries of `Intl.Segmenter`. */
export const brokenBySegmenter = (run: string): string[] => {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return Array.from(segmenter.segment(run))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
};
