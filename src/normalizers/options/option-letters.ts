/** Letters and digits that are set in circles, squares, parentheses or a mathematical font. */
const STYLED = /[\u2460-\u24ff\u2776-\u2793\u{1d400}-\u{1d7ff}\u{1f100}-\u{1f189}]|\u20e3|\ufe0e|\ufe0f/gu;

const styled = /[\u2460-\u24ff\u2776-\u2793\ud835\ud83c]|\u20e3|\ufe0e|\ufe0f/;

/** The blocks of letters on a dark ground, which Unicode does not decompose: circles and squares. */
const darkBlocks = [0x1f150, 0x1f170];

const LETTERS = 26;

const UPPER_A = 0x41;

/** Returns a text with its styled letters and digits as plain ones: `Ⓑ`, `𝐁` and `🅱` become `B`, `1️⃣` becomes `1`. */
export const plainLetters = (text: string): string =>
  styled.test(text) ? text.replace(STYLED, plainLetter) : text;

function plainLetter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const block = darkBlocks.find((start) => code >= start && code < start + LETTERS);
  if (block !== undefined) return String.fromCharCode(UPPER_A + code - block);
  return character.replace(/[\u20e3\ufe0e\ufe0f]/g, '').normalize('NFKC');
}
