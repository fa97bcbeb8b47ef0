import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';

const reads = (value: boolean, texts: readonly string[]) =>
  it.each(texts)(`%j is ${value}`, (text) => {
    expect(boolean(text)).toBe(value);
  });

const abstainsFrom = (texts: readonly string[]) =>
  it.each(texts)('%j abstains', (text) => {
    expect(abstentionReason(boolean(text)), text).toMatch(/\w/);
  });

describe('boolean reads a yes or no by the question that it answers', () => {
  reads(false, [
    'Is the claim wrong? Yes.',
    'Is it incorrect? Yes, it is.',
    'Is it false that 15 is prime? Yes.',
    'Ist das falsch? Ja.',
    'Est-ce faux ? Oui.',
    'Is it true? No.',
    'So is 15 prime? No, it is not.',
    'Is it untrue? Yes, untrue.',
  ]);
  reads(true, [
    'Is the claim wrong? No.',
    'Is it false? No, it is true.',
    'Is it true? Yes.',
    'True or false? True.',
    'Is it wrong or right? Right.',
  ]);
});

describe('boolean reads a verdict behind its heading', () => {
  reads(false, [
    'Judgement: incorrect',
    'Judgment: False.',
    'Evaluation: wrong',
    '**Label:** no',
    'Grade: INCORRECT',
    'Correctness: false',
    'correct: no',
    'is_correct: false',
    'Incorrect: yes',
    'Bewertung: falsch',
    '判定：错误',
  ]);
  reads(true, [
    'Verdict: correct',
    'Rating: right',
    'Correct: yes',
    'is correct: True',
    'Wrong: no',
    'вердикт: верно',
  ]);
  abstainsFrom(['Grade: B', 'Rating: 5', 'Label: none']);
});

describe('boolean reads signs', () => {
  reads(true, [
    '✅',
    '✔️',
    '✓',
    '☑',
    '👍',
    '👍🏽',
    '✔️ Yes',
    'Yes ✅',
    '✅ **True**',
    'Answer: ✅',
    '<answer>✅</answer>',
    'Correct ✓',
  ]);
  reads(false, [
    '❌',
    '✗',
    '✘',
    '👎',
    '❌ No',
    'No ❌',
    '❌ **False**',
    'Answer: ❌',
    '<answer>❌</answer>',
    'Wrong ✗.',
  ]);
  abstainsFrom(['✅ No', '❌ Yes', '✅ 15\n❌ 16', '☐', '✅❌', '✅ 15 = 3 × 5', 'True ❌']);
});

describe('boolean reads no verdict that is opposed or mocked', () => {
  abstainsFrom([
    'I disagree that it is true',
    'I reject that it is correct.',
    'I would contest that it is true.',
    'They dispute that it is true.',
    'Yeah, right. As if.',
    'Yeah right',
    'As if!',
    'He refutes that it is true.',
    'Fat chance.',
  ]);
  reads(true, ['I agree that it is true.', 'Yeah, it is true.', 'Right.']);
});

describe('boolean reads right and wrong in many languages', () => {
  const right =
    'correct,right,true,richtig,korrekt,wahr,stimmt,vrai,exact,juste,correcto,cierto,verdadero,correto,certo,verdadeiro,vero,giusto,corretto,esatto,верно,правильно,правда,正确,对,正しい,正解,맞습니다,맞음,정답,सही,صحيح,সঠিক,juist,goed,prawda,poprawnie,doğru,benar,đúng,rätt,riktig';
  const wrong =
    'incorrect,wrong,false,falsch,inkorrekt,faux,inexact,incorrecto,falso,equivocado,errado,incorreto,sbagliato,errato,неверно,неправильно,ложь,错误,不正确,間違い,不正解,誤り,틀립니다,틀림,오답,गलत,خطأ,ভুল,onjuist,fout,fałsz,niepoprawnie,yanlış,salah,sai,fel,forkert';
  const yes = 'yes,oui,ja,sí,sim,sì,да,是,はい,네,हाँ,نعم,হ্যাঁ,tak,evet,ya,vâng';
  const no = 'no,non,nein,não,нет,不,いいえ,아니요,नहीं,لا,না,nie,hayır,tidak,không,nej,nee';
  reads(true, `${right},${yes}`.split(','));
  reads(false, `${wrong},${no}`.split(','));
  reads(
    true,
    right.split(',').map((word) => `<answer>${word}</answer>`),
  );
  reads(
    false,
    wrong.split(',').map((word) => `<answer>${word}</answer>`),
  );
});
