const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50 };

/** Two letters and more; larger numerals are rarely meant, and `XL` and `LI` are words of their own. */
const numeral = /^(?!XL$|LI$|[VXL]$)L?X{0,3}(?:IX|IV|V?I{0,3})$/;

/** Returns the value of a Roman numeral in capitals, up to 89; `undefined` for any other word. */
export const romanValue = (raw: string): number | undefined => {
  if (!numeral.test(raw) || raw === '') return undefined;
  const digits = Array.from(raw, (letter) => values[letter] ?? 0);
  return digits.reduce((sum, digit, at) => sum + (digit < (digits[at + 1] ?? 0) ? -digit : digit), 0);
};
