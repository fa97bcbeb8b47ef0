import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

const letters = choice(['A', 'B', 'C', 'D']);

const read = (normalize: (text: string) => unknown, text: string): unknown => {
  const answer = normalize(text);
  return abstentionReason(answer) === undefined ? answer : 'abstains';
};

describe('a denied answer is not read', () => {
  it.each([
    "I don't think the answer is 42",
    'It is false that the answer is 42',
    'It is not the case that the answer is 42.',
    'I doubt that the answer is 42.',
    'There is no way the answer is 42.',
    'Nobody believes the answer is 42.',
    'It would be wrong to say the answer is 42.',
    "It can't be that the answer is 42.",
    "The answer isn't 42.",
    'The answer was never 42.',
    'The answer cannot be 42.',
    'La respuesta no es 42',
    'No creo que la respuesta sea 42.',
    "La réponse n'est pas 42.",
    'Je ne pense pas que la réponse soit 42.',
    'A resposta não é 42.',
    'Não acho que a resposta seja 42.',
    'La risposta non è 42.',
    'Die Antwort ist nicht 42',
    'Ich glaube nicht, dass die Antwort 42 ist.',
    'Het antwoord is niet 42.',
    'Jawabannya bukan 42.',
    'Cevap 42 değil.',
    'Ответ не 42.',
    'Я не думаю, что ответ 42.',
    '答案不是42。',
    '我不认为答案是42。',
    '答えは42ではありません',
    '答えは42だとは思いません。',
    '정답은 42가 아닙니다',
    'उत्तर 42 नहीं है',
    'मुझे नहीं लगता कि उत्तर 42 है।',
    'উত্তর 42 নয়।',
    'الجواب ليس 42',
    '❌ The answer is 42',
    'Ik denk niet dat het antwoord 42 is.',
    'Es stimmt nicht, dass die Antwort 42 ist.',
    'Non è vero che la risposta è 42.',
    'Não é verdade que a resposta é 42.',
    '答案不可能是42。',
    '答案是42是错误的。',
    '정답은 42가 될 수 없습니다.',
  ])('%j abstains', (text) => {
    expect(read(numeric, text)).toBe('abstains');
    expect(read(letters, text.replace('42', 'B'))).toBe('abstains');
  });

  it.each(["I don't think the answer is yes.", 'It is false that the answer is no.'])(
    '%j is no verdict',
    (text) => {
      expect(read(boolean, text)).toBe('abstains');
    },
  );
});

describe('of a denied answer and another one, never the denied one is read', () => {
  it.each([
    'The answer is not 42 but 43.',
    'The answer is not 42, but 43.',
    "The answer isn't 42 but 43.",
    'La respuesta no es 42 sino 43.',
    "La réponse n'est pas 42 mais 43.",
    '答案不是42，而是43。',
    '答えは42ではなく43です。',
    '정답은 42가 아니라 43입니다.',
    "I don't think the answer is 42. The answer is 43.",
    'The answer is 43. It is not true that the answer is 42.',
    'The answer is 43. The answer isn’t 42.',
  ])('%j is 43', (text) => {
    expect(read(numeric, text)).toBe(43);
  });

  it.each([
    "The answer isn't 42. It's 43.",
    'Die Antwort ist nicht 42, sondern 43.',
    'The answer isn’t B, it’s C.',
  ])('%j is not the denied one', (text) => {
    expect([43, 'abstains']).toContain(read(numeric, text));
    expect(['C', 'abstains']).toContain(read(letters, text));
  });
});

describe('the answer of somebody else is not read', () => {
  it.each([
    'A common mistake is to say that the answer is 42',
    'Many people think the answer is 42.',
    'One might think the answer is 42.',
    'Some would say the answer is 42.',
    'It is tempting to say the answer is 42.',
    'Students often say the answer is 42.',
    'The textbook claims the answer is 42.',
    'John says the answer is 42.',
    'The student wrote that the answer is 42.',
    "It's a myth that the answer is 42.",
    "Tom's answer is 42.",
    'The student’s answer is 42.',
    '"The answer is 42," said Tom.',
    'Their answer is 42.',
    'An incorrect answer is 42.',
    'Manche denken, die Antwort ist 42.',
    'On pourrait croire que la réponse est 42.',
    'Un error común es decir que la respuesta es 42.',
    'Molti pensano che la risposta è 42.',
    'Muitos acham que a resposta é 42.',
    'Многие думают, что ответ: 42.',
    '很多人会认为答案是42。',
    '答えが42だと考える人もいます。',
  ])('%j', (text) => {
    expect(read(numeric, text)).toBe('abstains');
    expect(read(numeric, `The answer is 43. ${text}`)).toBe(43);
    expect(read(letters, `The answer is C. ${text.replace('42', 'B')}`)).toBe('C');
  });

  it.each(['Students often answer 42', 'Many would say 42.', 'One might think 42'])(
    '%j, without an announcement',
    (text) => {
      expect(read(numeric, text)).toBe('abstains');
      expect(read(letters, text.replace('42', 'B'))).toBe('abstains');
    },
  );
});

describe('an answer that is only supposed or asked for is not read', () => {
  it.each([
    'Assume the answer is 42',
    'Suppose that the answer is 42.',
    'Imagine the answer is 42.',
    "Let's say the answer is 42.",
    "Let's check whether the answer is 42.",
    "Let's see if the answer is 42.",
    'If the answer is 42, then we are done.',
    'The answer is 42?',
    'Is the answer: 42?',
    'The answer is 42, right?',
    'The answer is 42 if x is even, else 43.',
    'The answer is 42 unless x is odd.',
    'Angenommen, die Antwort ist 42.',
    'Nehmen wir an, die Antwort ist 42.',
    'Supposons que la réponse est 42.',
    'Supongamos que la respuesta es 42.',
    'Допустим, ответ: 42',
    '假设答案是42。',
    'もし答えが42なら',
    '答えが42なら、xは偶数です。',
    '答えは42でしょうか。',
    '정답이 42라면 x는 짝수입니다.',
    'Se a resposta é 42, então x é par.',
    'Если ответ: 42, то x чётно.',
  ])('%j abstains', (text) => {
    expect(read(numeric, text)).toBe('abstains');
    expect(read(letters, text.replaceAll(/4\d/g, 'B'))).toBe('abstains');
  });
});

describe('an answer that its text stands by is read, whatever else the sentence says', () => {
  it.each([
    'There is no doubt that the answer is 42.',
    'It is not difficult to see that the answer is 42.',
    "It's not hard: the answer is 42.",
    'It does not matter, the answer is 42.',
    'We cannot use both, so the answer is 42.',
    '43 is wrong, and the answer is 42.',
    'Not all numbers are even, but the answer is 42.',
    'Some people think it is 43, but the answer is 42.',
    'Although many people would say 43, the answer is 42.',
    'Contrary to what many think, the answer is 42.',
    'As we had 6 rows, the answer is 42.',
    'We can say that the answer is 42.',
    'I would say the answer is 42.',
    'I think that the answer is 42.',
    'It is safe to say that the answer is 42.',
    'The passage says that the answer is 42.',
    'This means that the answer is 42.',
    'Suppose x = 6. Then the answer is 42.',
    "The answer is 42, if I'm not mistaken.",
    'Also ist die Antwort 42.',
    'Ich bin sicher, dass die Antwort 42 ist.',
    'The formula says the answer is 42.',
    "The question's answer is 42.",
    'The student’s answer is 43. The correct answer is 42.',
    'The correct answer is 42. The student’s answer is 43.',
    'Podemos decir que la respuesta es 42.',
    'Se puede concluir que la respuesta es 42.',
    'La respuesta correcta es 42, no 43.',
    'La bonne réponse est 42, et non 43.',
    '正确答案是42，而不是43。',
    'Creo que la respuesta es 42.',
    'Como se ve, la respuesta es 42.',
    'Je pense que la réponse est 42.',
    'Ich glaube, die Antwort ist 42.',
    'Я думаю, что ответ: 42.',
    '我认为答案是42。',
    '私は答えは42だと思います。',
    '저는 정답이 42라고 생각합니다.',
  ])('%j is 42', (text) => {
    expect(read(numeric, text)).toBe(42);
  });

  it.each([
    'The answer is B because if x were 0, A would hold.',
    'The answer is B since if we add them we get 3.',
    'The answer is B. If x were 0, it would be A.',
    'The answer is B even if x is odd.',
    'I would say B.',
  ])('%j is B', (text) => {
    expect(read(letters, text)).toBe('B');
  });

  it.each([
    ["Answer: Who's Afraid of Virginia Woolf?", "who's afraid of virginia woolf?"],
    ['Answer: If I Were a Boy', 'if i were a boy'],
    ['Answer: No, Woman, No Cry', 'no, woman, no cry'],
    ['Answer: Never Mind', 'never mind'],
  ])('%j is a text', (text, answer) => {
    expect(read(lowercaseTrim, text)).toBe(answer);
  });
});

describe('a correction is seen', () => {
  it.each([
    'The answer is 42. Never mind, 43',
    'The answer is 42. Edit: should be 43',
    'The answer is 42.\nUpdate: 43',
    'The answer is 42. No, 43.',
    "The answer is 42. No, it's 43.",
    'The answer is 42... no, 43.',
    'The answer is 42. Nope, 43.',
    'The answer is 42. Actually 43.',
    'The answer is 42. Let me correct that: 43',
    'The answer is 42. I take that back: 43.',
    "The answer is 42. Ignore that, it's 43.",
    'Die Antwort ist 42. Nein, 43.',
    'Die Antwort ist 42. Moment, 43.',
    'La respuesta es 42. No, espera, 43.',
    'La réponse est 42. Pardon, 43.',
    '答案是42。不对，是43。',
    '答えは42です。いや、43です。',
    '정답은 42입니다. 아니, 43입니다.',
    '<answer>42</answer> Sorry, 43',
  ])('%j is 43', (text) => {
    expect([43, ...(/[ぁ-ん가-힣]/.test(text) ? ['abstains'] : [])]).toContain(read(numeric, text));
  });

  it.each(['B... Actually C.', 'B. No, C.', 'B. Never mind, C.', 'B, sorry, C', 'Answer: B\n\nEdit: C'])(
    '%j is C',
    (text) => {
      expect(read(letters, text)).toBe('C');
    },
  );

  it.each(['Yes. Edit: no', 'The answer is yes. Actually, no.', 'Yes. Never mind, no.'])(
    '%j is no',
    (text) => {
      expect(read(boolean, text)).toBe(false);
    },
  );

  it.each(['B, no wait', 'B... no, wait', 'B. Hmm,', 'The answer is B. Wait,', 'The answer is B. No.'])(
    '%j breaks off',
    (text) => {
      expect(read(letters, text)).toBe('abstains');
    },
  );

  it.each(['Yes. Actually,', 'Yes. Wait,', 'Yes... no wait', 'The answer is yes. No.'])(
    '%j breaks off',
    (text) => {
      expect(read(boolean, text)).toBe('abstains');
    },
  );

  it.each([
    'The answer is 42. No further steps are needed.',
    'The answer is 42. No remainder.',
    'The answer is 42. Actually, this is a famous number.',
    'The answer is 42. Never mind the units.',
    'The answer is 42. Can it be 43? No.',
    'The answer is 42. See No. 43.',
  ])('%j takes nothing back', (text) => {
    expect(read(numeric, text)).toBe(42);
  });
});

describe('an answer that is called wrong at once', () => {
  it.each([
    'The answer is 42. That is wrong.',
    "The answer is 42. But that can't be right.",
    'The answer is 42.\nBut that cannot be right.',
    "The answer is 42. Hmm, that doesn't look right.",
    'The answer is 42. However, this is incorrect.',
    'The answer is 42... which is impossible.',
    'The answer is 4.25, which is too large.',
    '\\boxed{42}. That is incorrect.',
    '<answer>42</answer> This is wrong.',
    'Die Antwort ist 42. Aber das kann nicht stimmen.',
    "La réponse est 42. Mais c'est impossible.",
    'La respuesta es 42. Eso no es correcto.',
    'Ответ: 42. Но это неверно.',
    '答案是42。这不对。',
  ])('%j abstains', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each([
    'The answer is 42.\n\nSome forget the tax. That is a mistake.',
    'The answer is 42.\nUsing 43 would be wrong: it is incorrect to round up.',
    '<answer>42</answer>\nNote: rounding to 40 is tempting, but this is wrong.',
    '#### 42\nIf you got 40, that is wrong.',
    "The answer is 42. But that can't be right. Let me check: 6 × 7 = 42. It is correct.",
  ])('%j stays', (text) => {
    expect(read(numeric, text)).toBe(42);
  });

  it.each([
    'The answer is B.\n\nA says that the sky is green. This is incorrect.\nC is out.',
    'The answer is B.\nA: it claims X, which is incorrect.',
    'The answer is B. A claims the sky is green; that is wrong.',
    'Answer: B\n\nExplanation: Option A says X. That is not right.',
  ])('%j stays', (text) => {
    expect(read(letters, text)).toBe('B');
  });

  it('says no twice', () => {
    expect(read(boolean, 'The answer is no. That is wrong.')).toBe(false);
  });
});

describe('what a text struck through or chose first is not read', () => {
  it.each([
    '~~42~~ 43',
    'Answer: ~~42~~ 43',
    '~~The answer is 42.~~ The answer is 43.',
    'Answer: <del>42</del> 43',
    'The answer is 42. It should be 43.',
    'The answer is 42. I should have said 43.',
    'The answer is 42. Rectification: 43',
  ])('%j is 43', (text) => {
    expect(read(numeric, text)).toBe(43);
  });

  it.each(['I first chose A. After review, B.', 'Initially I picked A, but it is B.', 'Answer: ~~A~~ B'])(
    '%j',
    (text) => {
      expect(['B', 'abstains']).toContain(read(letters, text));
    },
  );
});

describe('a number without an announcement', () => {
  it.each([
    'It is false that it is 42.',
    'I doubt it is 42.',
    'Others say 42.',
    'The answer has 42 digits.',
    'The answer sheet has 42 entries.',
    'Answer all 42 questions.',
    'Suppose 42.',
    '42 is the wrong answer.',
    '42 is not the answer.',
    'Whether it is 42 is unclear.',
    '42, no wait',
    '42, sorry,',
    '42... hmm',
    '42. Never mind, 43',
    '42 (edit: 43)',
    '42\nEdit: 43',
    '42, no, 43',
  ])('%j abstains', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each([
    "It's 42.",
    "That's 42.",
    "I'd say 42.",
    '42, I think.',
    '42 is my answer.',
    '42 is the correct answer.',
  ])('%j is 42', (text) => {
    expect(read(numeric, text)).toBe(42);
  });
});
