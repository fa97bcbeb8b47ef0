import { describe, expect, expectTypeOf, it } from 'vitest';
import { answerText } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import {
  type Abstention,
  answerKey,
  ConfigError,
  createEnsemble,
  defineModel,
  marked,
  simulated,
} from '../../src/index.ts';
import { type MathAnswer, math, mathKey } from '../../src/math/math.ts';
import { csvRow, explain } from '../../src/metrics/metrics.ts';

const read = (text: string, options = {}): MathAnswer => {
  const answer = math(options)(text);
  if (abstentionReason(answer) !== undefined) throw new Error(`abstains: ${text}`);
  return answer as MathAnswer;
};

const says = (id: string, text: string) => defineModel(id, () => text);

describe('the answer of math', () => {
  it('prints as people write it, is its key in JSON, and has a number', () => {
    const half = read('\\boxed{\\frac{1}{2}}');
    expect(String(half)).toBe('1/2');
    expect(`${half}`).toBe('1/2');
    expect(JSON.stringify({ half })).toBe('{"half":"0.5"}');
    expect(half.number).toBe(0.5);
    expect(answerKey(half)).toBe('0.5');
    expect(answerText(half)).toBe('1/2');
    expectTypeOf(math()).returns.toEqualTypeOf<MathAnswer | Abstention>();
  });

  it.each([
    ['\\{2, 1\\}', '{1, 2}'],
    ['x > 0', '(0, ∞)'],
    ['x^{2}+1', 'x² + 1'],
    ['x^{-2}', 'x⁻²'],
    ['\\frac{x+1}{2}', '(x + 1)/2'],
    ['\\frac{1}{2x}', '1/(2x)'],
    ['1/2x', '1/2x'],
    ['a-(b-c)', 'a - (b - c)'],
    ['-(a+b)', '-(a + b)'],
    ['\\sqrt{x+1}', '√(x + 1)'],
    ['\\sqrt[3]{2}', '∛2'],
    ['\\sqrt[5]{2}', 'root 5 of 2'],
    ['2 \\cdot 3^{x+1}', '2 · 3^(x + 1)'],
    ['|x|\\lfloor y \\rfloor', '|x| · ⌊y⌋'],
    ['\\log_2(x)', 'log_2(x)'],
    ['\\binom{n}{2}', 'binom(n, 2)'],
    ['1 \\pm \\sqrt 2', '{1 - √2, 1 + √2}'],
    ['{a}^{b^c}', 'a^(b^c)'],
    ['{-x}^2', '(-x)²'],
    ['2^{n}!', '(2^n)!'],
    ['x^2+y^2=1', 'x² + y² = 1'],
    ['50\\%x', '50%x'],
  ])('prints %s as %s', (written, printed) => {
    expect(String(read(`<answer>${written}</answer>`))).toBe(printed);
  });

  it('reads what it prints as the same answer', () => {
    for (const text of [
      'x^2 - 9x',
      '\\frac{\\pi}{4}',
      '(x+1)(x-1)',
      '\\{1, \\sqrt 2\\}',
      '-1\\tfrac12',
      '[0,1)',
    ]) {
      const answer = read(`<answer>${text}</answer>`);
      expect(mathKey(answer.text)).toBe(answer.key);
    }
  });

  it('has no number if it is none', () => {
    for (const text of ['x', '2i', '(1, 2)', '∞', 'yes']) expect(read(text).number).toBeUndefined();
    expect(read('-7').number).toBe(-7);
    expect(read('2y = 6').number).toBe(3);
    expect(read('\\sqrt{2}\\sqrt{2}').number).toBe(2);
  });

  it('keeps what it says in a structured clone', () => {
    const { key, text, number } = read('\\frac{2}{3}');
    expect(structuredClone(read('\\frac{2}{3}'))).toEqual({ key, text, number });
  });

  it('is counted, explained and written as CSV', async () => {
    const ensemble = createEnsemble({
      models: [says('a', '\\boxed{\\frac{1}{2}}'), says('b', '0.5'), says('c', '1/3')],
      normalization: math(),
    });
    const prediction = await ensemble.predict('?');
    expect(prediction.metadata.votes).toEqual({ '0.5': 2, '0.3333333333': 1 });
    expect(csvRow({ value: prediction, timestamp: 0 }).answer).toBe('1/2');
    expect(explain(prediction).text).toContain('0.5');
    expect(JSON.parse(JSON.stringify(prediction)).answer).toBe('0.5');
  });

  it('can be marked, and an ensemble says what to pass for its name', () => {
    expect(abstentionReason(marked(math())('1/2'))).toBeDefined();
    expect(String(marked(math())('\\boxed{1/2}'))).toBe('1/2');
    const models = [simulated({ id: 'a' })];
    expect(() => createEnsemble({ models, normalization: 'math' as 'json' })).toThrow(
      'pass math() of crucible-ensemble/math',
    );
  });

  it('is offered if numeric abstains from an expression', async () => {
    const models = [says('a', '\\boxed{3x}'), says('b', '7')];
    const { metadata } = await createEnsemble({ models, normalization: 'numeric' }).predict('?');
    expect(metadata.warnings.join()).toContain('`math()` of crucible-ensemble/math reads formulas');
  });
});

describe('the options of math', () => {
  it('round to significant digits', () => {
    const { key } = read('π', { digits: 3 });
    expect(key).toBe('3.14');
    for (const text of ['3.14', '3.1416', '22/7']) expect(read(text, { digits: 3 }).key).toBe(key);
    expect(read('2.9996', { digits: 3 }).key).toBe(read('3', { digits: 3 }).key);
    expect(read('12345', { digits: 3 }).key).toBe('12345');
    expect(read('3.14x', { digits: 3 }).key).not.toBe(read('πx', { digits: 3 }).key);
    expect(mathKey('3.1416', { digits: 3 })).toBe(key);
  });

  it('divide by 100', () => {
    expect(read('35\\%', { percent: 'divide' }).key).toBe('0.35');
    expect(read('35%').key).toBe('35');
    expect(read('100\\%x', { percent: 'divide' }).key).toBe(read('1x').key);
  });

  it('keep units', () => {
    const keeping = { units: 'keep' };
    expect(read('24\\text{ cm}^2', keeping)).toMatchObject({ key: '24 cm^2', text: '24 cm^2', number: 24 });
    expect(read('-24\\text{ cm}^2', keeping).key).toBe('-24 cm^2');
    expect(read('24 \\mathrm{km/h}', keeping).key).toBe('24 km/h');
    expect(read('24 apples', keeping).key).toBe('24 apples');
    expect(read('24', keeping).key).toBe('24');
    expect(mathKey('3 cm + 4', { units: 'keep' })).toBeUndefined();
    expect(mathKey('3 cm + 4')).toBe('7');
  });

  it.each([
    [{ digits: 0 }, 'digits'],
    [{ digits: 10 }, 'digits'],
    [{ digits: 2.5 }, 'digits'],
    [{ percent: 'x' }, 'percent'],
    [{ units: true }, 'units'],
    [{ zz: 1 }, 'zz'],
    [7, 'math'],
  ])('refuse %j', (options, named) => {
    expect(() => math(options as never)).toThrow(ConfigError);
    expect(() => math(options as never)).toThrow(named);
    expect(() => mathKey('1', options as never)).toThrow(ConfigError);
  });
});

describe('the place of an answer', () => {
  it.each([
    ['So the answer is $\\frac{1}{2}$.', '0.5'],
    ['The answer is (3, -1), because both equations hold.', '(3, -1)'],
    ['The answer is $x = 2$ or $x = 5$.', '{2, 5}'],
    ['**Answer:** \\(2\\sqrt{3}\\)', '3.464101615'],
    ['The final answer is -5.', '-5'],
    ['#### 3/4', '0.75'],
    ['The answer is 3! + 1.', '7'],
    ['The answer is 3!', '3'],
    ['The answer is 3! Great.', '3'],
    ['The answer is $3!$.', '6'],
    ['Answer: (4 - 1)!', '6'],
    ['The answer is \\(x = 5\\)!', '5'],
    ['The answer is (B)!', 'B'],
    ['(4 - 1)!', '6'],
    ['$(\\sqrt{9})!$', '6'],
    ['(3, 4)!', '(3, 4)'],
    ['(B)!', 'B'],
    ['Yes!', 'yes'],
    ['**12**!', '12'],
    ['{"answer": [12345678901234567891, 1]}', '[12345678901234567891, 1]'],
    ['$$\\frac{3}{4}$$', '0.75'],
    ['{"answer": ["\\\\frac{1}{2}", "3"]}', '{0.5, 3}'],
    ['{"answer": [1, 2]}', '[1, 2]'],
    ['{"answer": [[1, 0], [5, 2]]}', '[[1, 0], [5, 2]]'],
    ['{"answer": {"y": -1, "x": "3"}}', '(3, -1)'],
    ['{"answer": "\\\\boxed{\\\\frac{2}{5}}"}', '0.4'],
    ['{"answer": "\\nu + \\rho"}', 'f(ν,ρ)'],
    ['{"answer": "\\tan\\frac{\\pi}{4}"}', '1'],
    ['{"answer": "2\\theta"}', 'f(θ)'],
    ['{"answer": "\\tau"}', 'τ'],
    ['{"answer": "x \\neq 3"}', '(-∞, 3) ∪ (3, ∞)'],
    ['{"answer": "\\not\\in"}', undefined],
    ['{"answer": "\\\\lfloor 2.5 \\rfloor"}', '2'],
    ['\\boxed{\\text{answer: 12}}', '12'],
    ['It could be 1/2 or so, I think.', undefined],
    ['<answer>x = 3\ny = 4</answer>', undefined],
  ])('reads %j', (text, key) => {
    const answer = math()(text);
    const found = abstentionReason(answer) === undefined ? (answer as MathAnswer).key : undefined;
    expect(found?.startsWith('f(') ? found.split(':')[0] : found).toBe(key);
  });
});

describe('the limits of math', () => {
  const isRead = (text: string): boolean => mathKey(text) !== undefined;

  it('are 4,096 characters', () => {
    expect(isRead(`${' '.repeat(4095)}1`)).toBe(true);
    expect(isRead(`${' '.repeat(4096)}1`)).toBe(false);
  });

  it('are 2,000 tokens', () => {
    expect(isRead(`${'1+'.repeat(999)}1`)).toBe(true);
    expect(isRead(`${'1+'.repeat(1000)}1`)).toBe(false);
  });

  it('are 49 levels of brackets around a value', () => {
    expect(isRead('('.repeat(49) + 1 + ')'.repeat(49))).toBe(true);
    expect(isRead('('.repeat(50) + 1 + ')'.repeat(50))).toBe(false);
  });

  it('are 4,096 bits of a whole number, and factorials up to 400', () => {
    expect(isRead('2^{2000}')).toBe(true);
    expect(isRead('2^{4097}')).toBe(false);
    expect(isRead('400!')).toBe(true);
    expect(isRead('401!')).toBe(false);
  });

  it('are the steps of arithmetic', () => {
    expect(isRead(`${'400!+'.repeat(3)}1`)).toBe(true);
    expect(isRead(`${'400!+'.repeat(300)}1`)).toBe(false);
  });

  it('are ten names', () => {
    expect(isRead('a+b+c+d+f+g+h+j+k+l')).toBe(true);
    expect(isRead('a+b+c+d+f+g+h+j+k+l+m')).toBe(false);
  });
});
