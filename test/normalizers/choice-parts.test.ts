import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { choice } from '../../src/normalizers/choice.ts';

const letters = choice(['A', 'B', 'C', 'D']);

const abstainsFrom = (texts: readonly string[], read: (text: string) => unknown = letters) =>
  it.each(texts)('%j abstains', (text) => {
    expect(abstentionReason(read(text)), text).toMatch(/\w/);
  });

const reads = (option: string, texts: readonly string[], read: (text: string) => unknown = letters) =>
  it.each(texts)(`%j is ${option}`, (text) => {
    expect(read(text)).toBe(option);
  });

describe('choice reads no letter of a formula or a name', () => {
  abstainsFrom([
    'The answer is C(n).',
    'The answer is D(x).',
    "The answer is B'.",
    'B\u2032',
    'The answer is C++.',
    'The answer is C#.',
    'The answer is A*.',
    'The answer is B.C.',
    'The answer is B^2.',
    '\\boxed{C_1}',
    '\\boxed{D(t)}',
    '<answer>B12</answer>',
  ]);
  reads('B', ["The answer is 'B'.", 'The answer is (B)', 'The answer is **B**', 'The answer is <b>B</b>.']);
});

describe('choice reads one of several letters from nothing that joins them', () => {
  const joints = [
    ' + ',
    ' ',
    ' - ',
    '+',
    ' > ',
    ' = ',
    ' × ',
    ' → ',
    ' minus ',
    ' times ',
    '; ',
    ' plus ',
    '/',
  ];
  abstainsFrom(
    joints.flatMap((joint) => [
      `B${joint}D`,
      `The answer is B${joint}D.`,
      `<answer>B${joint}D</answer> of four`,
      `\\boxed{B${joint}D}`,
    ]),
  );
  reads('B', [
    'The answer is B - Paris',
    'The answer is B; D is wrong.',
    'B - D is wrong.',
    'The answer is B = 5.',
    'The answer is B. D fails.',
  ]);
});

describe('choice reads no article as an option', () => {
  abstainsFrom([
    'The answer is A lot of money.',
    'The answer is A combination of the two.',
    '<answer>A man</answer>',
    '\\boxed{\\text{A few}}',
    'The answer is A good one.',
    '#### A lot',
    '{"answer": "A dog"}',
    'A pair of shoes',
  ]);
  reads('A', [
    'The answer is A because the rest fails.',
    'The answer is A, a lot of money.',
    'The answer is A as shown.',
    'The answer is (A) a lot of money.',
    'The answer is A: a lot of money.',
    'Answer: A. A lot of money',
    'The answer is A rather than B.',
    'The answer is A and not B.',
  ]);
});

describe('choice reads no option under a condition', () => {
  abstainsFrom([
    'The answer is C if x > 0, else D.',
    'The answer is C if the price rises.',
    'The answer is C, unless n is odd.',
    'The answer is C only if n is odd.',
    'Die Antwort ist C, wenn n gerade ist.',
    'La réponse est C si n est pair.',
    'C if n is even, D if not',
    'The answer is C, provided that n is even.',
  ]);
  reads('C', [
    'The answer is C if I had to choose.',
    'The answer is C. If n were odd, it would be D.',
    'The answer is C if anything.',
    'If I must choose, C.',
  ]);
});

describe('choice sets aside what a concession grants', () => {
  reads('C', [
    'While B seems right, C is correct.',
    'Although B looks plausible, C is the best.',
    'Though A and B are tempting, C is correct',
    'B seems right, but C is correct.',
    'B may look better, but C is right.',
    'Obwohl B richtig scheint, ist C richtig.',
    'C, although B is close.',
    'Even though B is popular, the answer is C.',
  ]);
  abstainsFrom(['B is right, though C is right as well.', 'While B seems right, it is not.']);
});

describe('choice reads letters with their judgement in other languages', () => {
  reads('C', [
    'Antwort C ist richtig',
    'Die Antwort C ist korrekt.',
    'La réponse C est correcte.',
    'La respuesta C es correcta.',
    'A resposta C está certa. Opção C',
    'La risposta C è giusta.',
    'Вариант C верный.',
    'Ответ C правильный',
    'C is my final answer.',
    'ans = C',
  ]);
});

describe('choice reads small letters that head their text or are chosen', () => {
  reads('D', [
    'd) Madrid',
    'd. Madrid',
    'd: Madrid',
    'd - Madrid',
    'I choose d.',
    "I'd go with d",
    "It's d.",
    'I would pick d.',
    '(d) Madrid is right',
  ]);
  abstainsFrom([
    'The derivative is d.',
    'a city',
    'a - b',
    'd) Madrid\na) Paris',
    'The value becomes c.',
    'in a.',
  ]);
});

describe('choice reads no number of which the option is a part', () => {
  const digits = choice(['1', '2', '3', '4']);
  abstainsFrom(
    [
      'The answer is 2.5',
      'The answer is 3,4',
      'The answer is 2x.',
      'The answer is -1.',
      '1-2',
      'The answer is 12',
      'The answer is 3/4',
      '4%',
    ],
    digits,
  );
  reads('2', ['The answer is 2.', '2) Paris', 'Option 2: because', 'The answer is 2, not 3.'], digits);
});
