import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableJson } from '../../src/cli/printable-json.ts';
import { printable } from '../../src/rendering/printable.ts';

/** C0 and C1 but line breaks, DEL, bidi controls, separators, and what is no character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const dangerous = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/u;

const hostile: readonly (readonly [string, string, string])[] = [
  ['a colour', '\u001b[31mred', '\\x1b[31mred'],
  ['a window title', '\u001b]0;gotcha\u0007', '\\x1b]0;gotcha\\x07'],
  ['a link (OSC 8)', '\u001b]8;;http://x\u001b\\x', '\\x1b]8;;http://x\\x1b\\x'],
  ['a clipboard write (OSC 52)', '\u001b]52;c;cm0=\u0007', '\\x1b]52;c;cm0=\\x07'],
  ['C1 controls', '\u009b2J\u0090q\u009c', '\\x9b2J\\x90q\\x9c'],
  ['a right-to-left override', '\u202e193', '\\u{202e}193'],
  ['isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['tag characters', '4\u{e0041}', '4\\u{e0041}'],
  ['a lone surrogate', '4\ud800', '4\\u{d800}'],
  ['backspaces', '391\b\b\b389', '391\\x08\\x08\\x08389'],
  ['several lines', 'one\r\n\n two\u2028three', 'one ⏎ two\\u{2028}three'],
];

describe('a text of somebody else', () => {
  it.each(hostile)('is shown escaped: %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps every script, and the joiners that some of them need', () => {
    const text = 'Ünïcode 二 عربي می‌خواهم 👩‍🚀 ½';
    expect(printable(text)).toBe(text);
  });

  it('is cut', () => {
    expect(printable('x'.repeat(30), 10)).toBe('xxxxxxxxx…');
    expect(printable('\n'.repeat(30) + '👍'.repeat(30), 5)).toBe('👍👍👍👍…');
    expect(printable('x'.repeat(10), 10)).toBe('xxxxxxxxxx');
  });

  it('of ten million characters is cut at once', () => {
    // Anything but linear time takes minutes, which the runner's timeout ends.
    expect(printable(' \n'.repeat(5_000_000), 10)).toBe('');
    expect(printable('a \n'.repeat(3_000_000), 10)).toHaveLength(10);
  });

  it('never has a control character in it, nor more than one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(80), (text, length) => {
        const shown = printable(text, length + 1);
        expect(shown).not.toMatch(dangerous);
        expect(shown).not.toContain('\n');
        expect(Array.from(shown).length).toBeLessThanOrEqual(length + 1);
      }),
    );
  });
});

describe('a value as JSON', () => {
  it.each(hostile)('parses to the same, and holds no control character: %s', (_, text) => {
    const json = printableJson({ [text]: [text, 391] });
    expect(json).not.toMatch(dangerous);
    expect(JSON.parse(json)).toEqual({ [text]: [text, 391] });
  });

  it('parses to the same for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const json = printableJson(value);
        expect(json).not.toMatch(dangerous);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
