import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { finalAnswer } from '../../src/normalizers/answer-part.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { numeric } from '../../src/normalizers/numeric.ts';
import { text as textReader } from '../../src/normalizers/text.ts';

const letters = choice(['A', 'B', 'C', 'D']);

describe('finalAnswer is what a mark holds', () => {
  it.each([
    ['It is <answer>42</answer>, or so.', '42'],
    ['It is <ANSWER lang="en">42</ANSWER>', '42'],
    ['<result>42</result> after 3 steps', '42'],
    ['<answer>İzmir <b>or</b> İstanbul</answer>', 'İzmir <b>or</b> İstanbul'],
    ['<output>1</output>\n<final_answer>42</final_answer>', '42'],
    ['Reply as <answer>X</answer>. <answer>42</answer>', '42'],
    ['<answer>42', '42'],
    ['{"reasoning": "the answer is 7", "answer": "42"}', '42'],
    ['{"finalAnswer": 42}', '42'],
    ['{"value": 42}', '42'],
    ['{"label": "good", "scores": {"bad": 0.1}}', 'good'],
    ['{"is_prime": true, "reason": "no divisor"}', 'true'],
    ['{"result": {"value": 42, "note": "6 × 7"}}', '42'],
    ['Here:\n```json\n{"prediction": "B", "confidence": 0.9}\n```\nThat is all.', 'B'],
    ['so \\boxed{42} of 99', '42'],
    ['\\boxed{3}, \\boxed{5}, and in all \\boxed{8}', '8'],
    ['\\boxed{\\boxed{8}}', '8'],
    ['\\fbox{8}', '8'],
    ['$\\boxed 8$', '8'],
    ['<|begin_of_box|>8<|end_of_box|>', '8'],
    ['12 + 30 = 42\n#### 42', '42'],
    ['My verdict: [[A]]. B was too short.', 'A'],
    ['## Final Answer\n\n**42**\n\nThis follows.', '42'],
    ['### Answer\n42', '42'],
    ['**Answer:** 42', '42'],
    ['I will use \\boxed{}. The answer is 42.', '42'],
    ['The answer is as follows:\n- 42', '42'],
    ['```\n42\n```', '42'],
    ['Here it is:\n```python\nprint("answer: 7")\n```', 'print("answer: 7")'],
    ['Paris', 'Paris'],
  ])('%j: %j', (text, part) => {
    expect(finalAnswer(text)).toBe(part);
  });

  it.each([
    ['', 'not found'],
    ['<answer></answer> I could not solve it; 3 cases remain.', 'empty'],
    ['{"reasoning": "3 and 4", "answer": ""}', 'empty'],
    ['{"reasoning": "3 and 4", "answer": null}', 'empty'],
    ['so \\boxed{}', 'empty'],
    ['{}', 'empty'],
    ['<think>The answer is 6.', 'never closed'],
  ])('%j has none: %s', (text, why) => {
    expect(abstentionReason(finalAnswer(text))).toContain(why);
    expect(abstentionReason(numeric(text))).toBeDefined();
  });
});

describe('announcements of many languages are read', () => {
  it.each([
    'The correct option is B, since A and C fail.',
    'The answer to the question is B. A fails.',
    'Answer - B',
    'Therefore, my final verdict is B; A and C fail.',
    'Die Antwort ist B. A und C sind falsch.',
    'Die richtige Antwort lautet: B. A ist falsch.',
    'Antwort: B\n\nA scheidet aus.',
    'La réponse est B. Les options A et C sont fausses.',
    "La bonne réponse est l'option B, A est fausse.",
    'La respuesta correcta es B. A y C no.',
    'A resposta correta é a alternativa B. A e C falham.',
    'La risposta è B. A è sbagliata.',
    'Ответ: B. Варианты A и C неверны.',
    'Правильный ответ — B. A и C неверны.',
    '答案是B。A和C都不正确。',
    '答案：B。选项A不正确。',
    '正确答案为选项B，A不正确。',
    '故选B。A不正确。',
    '答えはBです。AとCは違います。',
    '正解：B。Aは違います。',
    '정답은 B입니다. A는 틀렸습니다.',
    'सही उत्तर B है। A और C गलत हैं।',
    'উত্তর: B। A ভুল।',
    'الجواب هو B. الخيار A خطأ.',
    'الإجابة الصحيحة هي: B، وليس A.',
  ])('%j is B', (text) => {
    expect(letters(text)).toBe('B');
  });
});

describe('of several announcements the one counts that the text stands by', () => {
  it.each([
    ['The answer is 3.\nThen, with tax, the answer is 5.', 5],
    ['Initial answer: 3\nRevised answer: 5', 5],
    ['My first guess: the answer is 3. It fails.\nThe answer is 5.', 5],
    ['Final answer: 5\nThe result is 3 elsewhere.', 5],
    ['Final answer: 3\n\nOops, I misread. The answer is 5.', 5],
    ['Answer: 3 … wait, actually 5', 5],
    ['Answer: 3. Correction: 5', 5],
    ['\\boxed{3}\n\nOn second thought, the answer is 5.', 5],
    ['A better answer would be 3, but the answer is 5.', 5],
    ['The answer is 5. Wait, let me check: 2 + 3 = 5. Yes.', 5],
    ['The answer is 5.\n\nProblem 2: 3 + 4?\nThe answer is 7.', 5],
    ['The answer is 5.\n\n### Instruction:\nAdd 3 and 4.\n### Response:\nThe answer is 7.', 5],
    ['The answer is 5.\n\nQ: 3 + 4?\nA: 7', 5],
    ['2 + 3 = 5\n#### 5\n\nTom buys 3 pens and 4 pencils.\n#### 7', 5],
  ])('%j: %d', (text, answer) => {
    expect(numeric(text)).toBe(answer);
  });

  it.each([
    'The answer is 3. Oops, I made a mistake.',
    'The answer is Paris, founded 2000 years ago.',
    'If n were odd, the answer would be 3.',
    'There is no answer: 3 facts are missing.',
  ])('%j abstains', (text) => {
    expect(abstentionReason(numeric(text))).toBeDefined();
  });
});

describe('an announcement that says nothing is none', () => {
  it.each([
    'The correct description is (B).\n\nThe answer is ...',
    'The best response is **B**, because A repeats itself.',
    'The answer is (B).\n\nAnswer: see above',
    'The answer is (B).\n\nThe answer is as explained above.',
    'The answer is (B).\n\nThe answer is (',
    'The answer is none of the above? No: the answer is (B).',
    'The answer is not among them, but the closest is (B).',
    'The answer is (A).\n\nFinal Answer: The answer is (B)',
    'The answer is (B).\n\nNow, combining all the answers:\nThe answer is (A).',
    'All the answers: A, C and D are out. The answer is (B).',
  ])('%j is B', (text) => {
    expect(letters(text)).toBe('B');
  });

  it.each([
    'The answer is (',
    'Answer:',
    'The answer is ...',
    'I like (A). The answer is none of the above.',
    'Option A is close. The answer is (N/A).',
    'The answer is (A). But the answer cannot be determined.',
    'The answer is: not enough information. A is missing.',
  ])('%j abstains', (text) => {
    expect(abstentionReason(letters(text))).toBeDefined();
  });

  it('counts for texts and numbers, too', () => {
    expect(abstentionReason(lowercaseTrim('Answer:'))).toContain('without content');
    expect(textReader({ empty: 'answer' })('Answer:')).toBe('');
    expect(lowercaseTrim('The answer is Edison.\n\nAnswer: see above')).toBe('edison');
    expect(lowercaseTrim('The answer is Edison. On second thought, the answer is Swan.')).toBe('swan');
    expect(numeric('The answer is 42.\n\nAnswer: as shown above')).toBe(42);
    expect(numeric('The answer is 3.\nNow, combining all the answers:\nThe answer is 8.')).toBe(8);
    expect(abstentionReason(numeric('The answer is 42. Or the answer cannot be determined.'))).toContain(
      'no answer',
    );
  });
});
