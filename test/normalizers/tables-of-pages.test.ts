import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { math, mathKey } from '../../src/math/math.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

/** Returns the rows of the tables of a page below a heading, cell by cell. */
function rows(page: string, heading: string): readonly (readonly string[])[] {
  const text = readFileSync(new URL(`../../docs/normalizers/${page}.md`, import.meta.url), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

/** Returns what a cell has between backticks. */
const codes = (cell = ''): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('⏎', '\n').replaceAll('\\|', '|'));

const read = (normalize: (text: string) => unknown, text: string): unknown => {
  const answer = normalize(text);
  return abstentionReason(answer) === undefined ? answer : 'abstains';
};

describe.each([
  ['boolean', boolean],
  ['numeric', numeric],
] as const)('the tables of the page of %s are true', (page, normalize) => {
  const reads = rows(page, 'What it reads').flatMap(([written, values]) =>
    codes(written).map((text, index) => [text, codes(values)[index]] as const),
  );
  const abstains = rows(page, 'When it abstains').flatMap(([written]) => codes(written));

  it.each(reads)('%j is %s', (text, value) => {
    expect(String(read(normalize, text))).toBe(value);
  });
  it.each(abstains)('%j abstains', (text) => {
    expect(read(normalize, text)).toBe('abstains');
  });
  it('has many of them', () => {
    expect(reads.length + abstains.length).toBeGreaterThan(50);
  });
});

describe('the tables of the page of choice are true', () => {
  const cases = (heading: string) =>
    rows('choice', heading).flatMap(([written, options, value]) =>
      codes(written).map((text) => [text, codes(options)[0]?.split(', ') ?? [], codes(value)[0]] as const),
    );
  const reads = cases('What it reads');
  const abstains = cases('When it abstains');

  it.each(reads)('%j of %j is %s', (text, options, value) => {
    expect(read(choice(options), text)).toBe(value);
  });
  it.each(abstains)('%j of %j abstains', (text, options) => {
    expect(read(choice(options), text)).toBe('abstains');
  });
  it('has many of them', () => {
    expect(reads.length + abstains.length).toBeGreaterThan(40);
  });
});

describe('the table of the policy is true', () => {
  const examples = rows('README', 'How an answer is read').map(
    ([written, value]) => [codes(written)[0] ?? '', codes(value)[0] ?? 'abstains'] as const,
  );

  it.each(examples)('%j is %s', (text, value) => {
    expect(String(read(numeric, text))).toBe(value);
  });
  it('has many rows', () => {
    expect(examples.length).toBeGreaterThan(10);
  });
});

describe('the tables of the page of math are true', () => {
  const reads = rows('math', 'What it reads').map(
    ([written, printed]) => [codes(written), codes(printed)[0]] as const,
  );
  const apart = rows('math', 'What it keeps apart').map(([written]) => codes(written));
  const abstains = rows('math', 'When it abstains').flatMap(([written]) => codes(written));

  it.each(reads)('%j are one vote, %s', (texts, printed) => {
    const answers = texts.map((text) => read(math(), `<answer>${text}</answer>`));
    expect(String(answers[0])).toBe(printed);
    for (const answer of answers) expect(answer).toMatchObject({ key: (answers[0] as { key: string }).key });
  });
  it.each(apart.map((texts) => [texts] as const))('%j are different votes', (texts) => {
    const keys = texts.map((text) => mathKey(text));
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size).toBe(texts.length);
  });
  it.each(abstains)('%j abstains', (text) => {
    expect(read(math(), `<answer>${text}</answer>`)).toBe('abstains');
  });
  it('has many of them', () => {
    expect(reads.length + apart.length + abstains.length).toBeGreaterThan(70);
  });
});
