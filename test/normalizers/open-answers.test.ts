import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { json } from '../../src/normalizers/json.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

const letters = choice(['A', 'B', 'C', 'D']);
const moods = choice(['happy', 'sad', 'calm']);

const read = (normalize: (text: string) => unknown, text: string): unknown => {
  const answer = normalize(text);
  return abstentionReason(answer) === undefined ? answer : 'abstains';
};

describe('an answer that is left open is not read', () => {
  it.each([
    'The answer might be 31.',
    'The correct answer could be 31 eggs.',
    'So the answer may well be 31.',
    'Perhaps the answer is 31.',
    'Otherwise, the answer is 31.',
    'Die Antwort könnte 31 sein.',
    'Vielleicht ist die Antwort 31.',
    'La réponse peut être 31.',
    'La réponse pourrait être 31.',
    'La respuesta puede ser 31.',
    'A resposta poderia ser 31.',
    'La risposta può essere 31.',
    'Возможно, ответ 31.',
    '答案可能是31。',
    '答案可能为31。',
    '如果每人两个，答案是31。',
    '假设n=5，那么答案是31。',
    '답은 31일 수도 있습니다.',
    'Es sind vielleicht 31.',
    'Forse sono 31.',
  ])('%j', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it('but one that goes before it is', () => {
    expect(numeric('The answer is 31. A rounded answer could be 30.')).toBe(31);
  });
});

describe('a correction', () => {
  it.each([
    'The answer is 12. Wait, I forgot to add 9.',
    'The answer is 12. I misread 9 as 6.',
    'The answer is 12. But wait, that leaves out the driver.',
    'The answer is 12. Oh wait, the driver is missing.',
    '12, I mean 21.',
    '12, or rather 21.',
  ])('says no answer of its own: %j', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each([
    [numeric, 'The answer is 12. Actually, 12 + 9 = 21, so 21.', 21],
    [boolean, 'The answer is yes. Actually, 91 = 7 × 13, so no.', false],
    [boolean, 'The answer is no. Wait, 97 has no divisor. So yes.', true],
  ] as const)('concludes with its answer', (normalize, text, answer) => {
    expect([text, read(normalize, text)]).toEqual([text, answer]);
  });
});

describe('answers to several parts', () => {
  it.each([
    'The roots are \\boxed{4} and \\boxed{-4}.',
    'x = \\boxed{4} \\text{ or } x = \\boxed{-4}',
    '\\boxed{4}, \\boxed{7}',
    '(i) 4, (ii) 7',
    '(a) 4 cm, (b) 7 cm',
    'The answer to the first question is 4. The answer to the second question is 7.',
    'The first answer is 4 and the second answer is 7.',
    'Answer: 4, remainder 3',
  ])('are no one answer: %j', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each([
    ['\\boxed{4}, then \\boxed{7}', 7],
    ['\\boxed{4} and again \\boxed{4}', 4],
  ])('are not seen in the steps to one: %j', (text, answer) => {
    expect(numeric(text)).toBe(answer);
  });
});

describe('a number that is no answer', () => {
  it.each(['To find it, we take these 3 steps:', 'Confidence: 95%', '**Confidence:** 0.9', '答案至少是31。'])(
    '%j',
    (text) => {
      expect(read(numeric, text)).toBe('abstains');
    },
  );
});

describe('ordinary answers', () => {
  it.each([
    ['Hence, the required length is 120.', 120],
    ['So Ann needs to pay $45.50 in all.', 45.5],
    ['Answer: 5 left over', 5],
    ['Answer: 0.25 (or 1/4)', 0.25],
    ['Answer: 12 units²', 12],
    ['=> 31', 31],
    ['→ 31', 31],
    ['\\boxed{11,\\! 222,\\! 333}', 11222333],
  ])('are read: %j', (text, answer) => {
    expect(numeric(text)).toBe(answer);
  });

  it.each([
    'Sure! The answer is Paris.',
    'Of course! The correct answer is Paris.',
    'Great question! The answer is Paris.',
    'Certainly. The answer is **Paris**.',
  ])('are read after a courtesy: %j', (text) => {
    expect(lowercaseTrim(text)).toBe('paris');
  });
});

describe('an option that the text does not choose', () => {
  it.each([
    'The author says it is happy.',
    'Some may see it as sad.',
    'It might be sad.',
    'Happy if one trusts the narrator.',
    'It would be sad if she knew.',
    'If he jokes, calm; otherwise sad.',
    'Sad: no',
    'On a happy note, they met again.',
  ])('is not read: %j', (text) => {
    expect(read(moods, text)).toBe('abstains');
  });

  it.each(['The common mistake is picking D.', 'The region B is a part of D.', 'It could be D.'])(
    'is not read: %j',
    (text) => {
      expect(read(letters, text)).toBe('abstains');
    },
  );
});

describe('an option that the text chooses', () => {
  it.each([
    ['A: ❌\nB: ❌\nC: ❌\nD: ✅', 'D'],
    ['A) Wrong\nB) Right\nC) Wrong', 'B'],
    ['A. false\nB. false\nC. true', 'C'],
    ['Nicht A, sondern D', 'D'],
    ['Ich entscheide mich für D.', 'D'],
    ['Je choisis la D.', undefined],
    ['Je choisis D.', 'D'],
    ['Elijo D.', 'D'],
    ['<D>', 'D'],
    ['Only D meets both conditions.', 'D'],
  ])('is read: %j', (text, option) => {
    expect(read(letters, text)).toBe(option ?? 'abstains');
  });

  it('is not told by a list of which several are right', () => {
    expect(read(letters, 'A: ✅\nB: ❌\nC: ✅')).toBe('abstains');
  });
});

describe('yes and no of several statements', () => {
  it.each([
    'Yes, provided n is odd.',
    'Yes, partially.',
    'False, True',
    'Claim 1: True, Claim 2: False',
    'Claim 1 is true. Claim 2 is false.',
    'The claim is true. The reason is false.',
    'One is true.',
    '{"error": true}',
  ])('are no verdict: %j', (text) => {
    expect(read(boolean, text)).toBe('abstains');
  });

  it.each([
    ['The claim is false. It is true that 91 is odd.', false],
    ['The claim is true. It is correct.', true],
    ['No, false', false],
  ])('are one if they agree: %j', (text, verdict) => {
    expect(boolean(text)).toBe(verdict);
  });
});

describe('JSON without an answer', () => {
  it.each(['{"error": "no reply after 30 s"}', '{"confidence": 95}', '{"success": true, "confidence": 4}'])(
    'is no number: %j',
    (text) => {
      expect(read(numeric, text)).toBe('abstains');
    },
  );

  it.each([
    '```json\n{"a": 1}\n```\nWait, I made a mistake.',
    '{"a": 1}. Sorry, that is wrong.',
    'I can\'t produce {"a": 1}.',
  ])('is not read if the text takes it back: %j', (text) => {
    expect(read(json, text)).toBe('abstains');
  });

  it('is read if the text comes back to it', () => {
    expect(json('{"a": 1}\nWait, let me check. Yes, that is correct.')).toEqual({ a: 1 });
  });
});

describe('a number under the label of another thing', () => {
  it.each([
    'Hint: 31',
    'Example: 31',
    'e.g. 31',
    'Input: 31',
    'Consider n = 31.',
    'For k = 31, it holds.',
    'Please give me 2 lengths.',
    '31 was my first guess.',
    'Answer:\n31\n32',
    'Answer:\n- 31\n- 32',
  ])('is no answer: %j', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each([
    ['Answer:\n31\n\nConfidence: 90', 31],
    ['The answer is 31.4 to 1 decimal place.', 31.4],
    ['The answer is 31.4 to three significant figures.', 31.4],
  ])('but this one is: %j', (text, answer) => {
    expect(numeric(text)).toBe(answer);
  });
});

describe('a word that changes what an option or a verdict says', () => {
  it.each([
    'Not so happy.',
    'Happy it is not.',
    'The town is free of sad people, and free of sad.',
    'It depends: happy for the winner.',
    'Please send the story so that I can call it sad.',
    'Sad is likely wrong.',
  ])('is heard: %j', (text) => {
    expect(read(moods, text)).toBe('abstains');
  });

  it.each(['Yes, maybe.', 'It used to be true.', 'It is believed to be true.', 'I was told it is false.'])(
    'is heard: %j',
    (text) => {
      expect(read(boolean, text)).toBe('abstains');
    },
  );

  it('is heard in a correction', () => {
    expect(letters('Answer: A\nActually, D is better.')).toBe('D');
  });

  it.each(['Here is the answer: Paris', "Here's the final answer: Paris"])('announces a text: %j', (text) => {
    expect(lowercaseTrim(text)).toBe('paris');
  });
});

describe('a verdict that the text calls its own', () => {
  it.each([
    ['I think yes.', true],
    ['I vote no.', false],
    ["I'm going with no.", false],
    ["I'd lean towards yes.", true],
  ])('is read: %j', (text, verdict) => {
    expect(boolean(text)).toBe(verdict);
  });

  it.each([
    "I'm not going with yes.",
    'I think no one knows.',
    'With no remainder.',
    'I would vote no if asked.',
  ])('is not read: %j', (text) => {
    expect(read(boolean, text)).toBe('abstains');
  });
});
