import { isAsciiLetter, isDigit, isMinus, isWordCharacter, standsAt } from './characters.ts';

/** The sign before a number, past a currency symbol; 'name' in `GPT-4`; a reason in `5-10` and `√2`. */
export function readPrefix(text: string, start: number): string {
  if (start === 0) return '+';
  let at = start - 1;
  let code = text.charCodeAt(at);
  let money = false;
  if (code === 32 && isCurrency(text.charCodeAt(at - 1))) code = text.charCodeAt(--at);
  if (isCurrency(code)) {
    money = true;
    at -= text.charCodeAt(at - 1) === 92 ? 2 : 1;
    code = text.charCodeAt(at);
    // `US$5`, `R$ 5`
    while (at >= 0 && start - at < 6 && isAsciiLetter(code)) code = text.charCodeAt(--at);
    if (code === 32 && isMinus(text.charCodeAt(at - 1)) && !isAsciiLetter(text.charCodeAt(at - 2)))
      code = text.charCodeAt(--at);
  }
  if (code === 0x221a) return 'it is a root';
  if (code === 0xb1) return 'it is two numbers';
  if (code === 94)
    return isWordCharacter(text.charCodeAt(at - 1)) && !isDigit(text.charCodeAt(at - 1))
      ? 'name'
      : 'it is a power';
  if (isMinus(code)) {
    const owner = at > 0 ? text.charCodeAt(at - 1) : 32;
    if (isDigit(owner)) return money ? '+' : 'it is a range or a date';
    if (isWordCharacter(owner) && !money) return 'name';
    return owner === 41 || owner === 93 ? '+' : '-';
  }
  if (code === 32 || code === 9) return negated(text, at) ? '-' : '+';
  if (code === 123 && /(?:sqrt|\^|_)$/.test(text.slice(Math.max(0, at - 5), at)))
    return 'it is a root, a power or an index';
  return '+';
}

const isCurrency = (code: number): boolean =>
  code === 36 || (code >= 0xa2 && code <= 0xa5) || (code >= 0x20a0 && code <= 0x20cf);

/** Whether the word before the blank at `space` is "negative", or a "minus" that takes nothing away. */
function negated(text: string, space: number): boolean {
  if (standsAt(text, space - 8, 'negative')) return true;
  if (!standsAt(text, space - 5, 'minus')) return false;
  const owner = text.charCodeAt(space - 7);
  return !isDigit(owner) && owner !== 41;
}
