import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { json } from '../../src/normalizers/json.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { marked } from '../../src/normalizers/marked.ts';
import { numeric } from '../../src/normalizers/numeric.ts';
import { text } from '../../src/normalizers/text.ts';
import { isTextNormalizer } from '../../src/normalizers/text-normalizers.ts';

const verbatim = text({ case: 'keep', blanks: 'keep' });

describe('text', () => {
  it.each([
    ['- Paris', 'paris'],
    ['Paris!', 'paris'],
    ['\\text{Paris}', 'paris'],
    ['$\\text{Paris}$', 'paris'],
    ['```\nParis\n```', 'paris'],
    ['巴黎。', '巴黎'],
    ['5!', '5!'],
    ['- one\n- two', '- one - two'],
    ['The answer is Las Vegas', 'las vegas'],
    ['La réponse est Paris.', 'paris'],
    ['{"city": "Paris"}', 'paris'],
  ])('reads %j as %j without options, as lowercaseTrim does', (input, answer) => {
    expect(text()(input)).toBe(answer);
    expect(lowercaseTrim(input)).toBe(answer);
  });

  it('keeps the case', () => {
    expect(text({ case: 'keep' })('The answer is **New   York**.')).toBe('New York');
  });

  it.each([
    ['```python\nif x:\n    return "y".\n```', 'if x:\n    return "y".'],
    ['Here it is:\n```js\n  f();\n    g();\n```\nIt calls g.', '  f();\n    g();'],
    ['<answer>\n    a\n  b\n</answer>', '    a\n  b'],
    ['{"answer": "a\\n  b"}', 'a\n  b'],
    ['"quoted"', '"quoted"'],
    ['answer = 42\nprint(answer)', 'answer = 42\nprint(answer)'],
    ['a  b', 'a  b'],
  ])('keeps %j as it stands: %j', (input, answer) => {
    expect(verbatim(input)).toBe(answer);
  });

  it('takes nothing as an answer only if told so', () => {
    for (const nothing of ['', ' \n', '<answer></answer>', '{"answer": ""}', '```\n```']) {
      expect(text({ empty: 'answer' })(nothing)).toBe('');
      expect(abstentionReason(text()(nothing))).toBeDefined();
    }
    expect(abstentionReason(text({ empty: 'answer' })('<think>cut'))).toContain('never closed');
  });

  it.each([
    "I'm sorry, but I couldn't find any information about it.",
    'I’m sorry, I cannot help with that.',
    "I don't know.",
    "As an AI language model, I don't have access to this.",
    'Unfortunately, I cannot answer that.',
    'I am unable to provide this information.',
    'It is unclear who painted it.',
    'There is no information about the painter.',
    'Could you please clarify the question?',
    'I have no idea, but I am looking.',
    '<answer>I cannot say.</answer>',
  ])('takes the refusal %j as no answer only if told so', (refusal) => {
    expect(abstentionReason(text({ refusals: 'abstain' })(refusal))).toBe('it says that it cannot answer');
    expect(abstentionReason(text()(refusal))).toBeUndefined();
  });

  it.each([
    'Unfortunately, Carl Voss lost.',
    "I'm sorry to inform you that there will be no season 7.",
    "I don't know him well, but Anna Berg wrote it.",
    "I couldn't find the exact year. However, it was around 1502.",
    'There is no record of a king before Otto.',
    'Sorry Seems to Be the Hardest Word',
    'I cannot tell a lie',
    'The painter is not known.',
    'Not able to fly.',
  ])('takes %j as an answer', (answer) => {
    expect(abstentionReason(text({ refusals: 'abstain' })(answer))).toBeUndefined();
  });

  it('refuses unknown options', () => {
    expect(() => text({ case: 'lower' as 'fold' })).toThrow(ConfigError);
    expect(() => text({ blank: 'keep' } as object)).toThrow('blanks');
  });
});

describe('isTextNormalizer', () => {
  it.each([
    ['lowercaseTrim', lowercaseTrim, true],
    ['text()', text(), true],
    ["text({ case: 'keep' })", text({ case: 'keep' }), true],
    ["text({ blanks: 'keep' })", text({ blanks: 'keep' }), true],
    ['marked(text())', marked(text()), true],
    ['numeric', numeric, false],
    ['marked(numeric)', marked(numeric), false],
    ['json', json, false],
    ["a caller's own", (answer: string) => answer, false],
    ["marked(a caller's own)", marked((answer: string) => answer), false],
  ] as const)('of %s', (_name, normalizer, isText) => {
    expect(isTextNormalizer(normalizer)).toBe(isText);
  });
});
