/**
 * Returns a text with the digits of all scripts as ASCII digits: `٤٢`, `४२` and `𝟒𝟐` become `42`, and `٣٫٥` becomes `3.5`.
 *
 * Digits of two scripts in one number stay as they are, because such a number is not one that people write.
 */
export function asciiDigits(text: string): string {
  if (!foreignDigit.test(text)) return text;
  return text.replace(foreignNumber, (run, offset: number) => {
    const isMixed =
      isAsciiDigit.test(text.charAt(offset - 1)) || isAsciiDigit.test(text.charAt(offset + run.length));
    const digits = isMixed ? undefined : digitsOf(run);
    return digits ?? run;
  });
}

const foreignDigit = /[^\P{Nd}0-9]/u;
const foreignNumber = /(?:[^\P{Nd}0-9][\u066b\u066c]?)+/gu;
const isAsciiDigit = /^\d$/;

function digitsOf(run: string): string | undefined {
  let digits = '';
  let script: number | undefined;
  for (const character of run) {
    const code = character.codePointAt(0) ?? 0;
    if (code === ARABIC_POINT || code === ARABIC_COMMA) digits += code === ARABIC_POINT ? '.' : ',';
    else {
      const value = digitValue(code);
      script ??= code - value;
      if (script !== code - value) return undefined;
      digits += value;
    }
  }
  return digits;
}

const ARABIC_POINT = 0x066b;
const ARABIC_COMMA = 0x066c;

/** Unicode gives the digits of a script ten codes in a row, from 0 to 9. */
function digitValue(code: number): number {
  let first = code;
  while (foreignDigit.test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}
