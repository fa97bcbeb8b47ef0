import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';

const read = (text: string): unknown => {
  const answer = boolean(text);
  return typeof answer === 'boolean' ? answer : undefined;
};

const kinds: Readonly<Record<string, { yes?: readonly string[]; no?: readonly string[] }>> = {
  'a word or set phrase alone': {
    yes: 'Yes|yes.|YES!|"Yes."|True|true.|Correct.|Yep|yeah|Absolutely!|Definitely.|Of course.|Certainly|Y|Affirmative.|I think so|Yes indeed|Yes, definitely|**Yes**|Right.|Exactly.'.split(
      '|',
    ),
    no: 'No|no.|NO!|False|false.|Nope.|nah|Incorrect.|Wrong.|Untrue.|n|No way.|Not at all.|By no means.|Definitely not.|Absolutely not!|Of course not.|Certainly not|Probably not.|I think not|I don\u2019t think so.|Not true.|Not correct'.split(
      '|',
    ),
  },
  'what a sentence says of its subject': {
    yes: "That is correct.|That's right.|It is true.|The statement is true.|The claim is accurate.|It is true that 17 is prime.|The statement is true because 17 has no divisors.|The statement is completely true.|This is a true statement.|It is almost certainly true.|It seems correct.".split(
      '|',
    ),
    no: "That is wrong.|This is false.|It is untrue.|The statement is not true.|The statement isn't true.|That is not correct.|It is not true that 91 is prime.|It is false that 91 is prime.|The claim that 4 is prime is false.|This is a false statement.|The statement is completely false.|That isn't right.".split(
      '|',
    ),
  },
  'other languages': {
    yes: "oui|Oui.|Ja.|sí|Sí, es primo.|sim|Да|Да, это простое число.|はい|はい、素数です。|是|是的|是的，17是质数。|对|正确|这是正确的。|네|예|हाँ|हाँ, यह सही है।|نعم|نعم، هذا صحيح.|হ্যাঁ|sì|Sì.|vrai|C'est vrai.|wahr|Das ist wahr.|Das stimmt.|Die Aussage ist richtig.|verdadero|Es verdadero.|É verdade.|È vero.|Это верно.|यह सही है।|正しい|正しいです。|Evet|Oui, bien sûr.|Ja, das stimmt.".split(
      '|',
    ),
    no: "non|Non.|Nein|nein, 91 = 7 · 13.|não|Não.|нет|Нет, это не так.|いいえ|いいえ、違います。|否|不是|不是，91=7×13。|不对|错|错误|这个说法是错误的。|不正确|아니요|아니오|नहीं|यह सही नहीं है।|لا|لا، 91 ليس أوليا|না|faux|C'est faux.|Ce n'est pas vrai.|falsch|Das ist nicht wahr.|Das ist falsch.|Das stimmt nicht.|falso|No es verdad.|Es falso.|Não é verdade.|Non è vero.|Это неверно.|Это неправда.|यह गलत है।|間違い|正しくない|正しくありません。|Hayır".split(
      '|',
    ),
  },
  'a verdict that opens the text, and its reasons': {
    yes: 'Yes, because there is no remainder.|Yes it is prime|Yes 17 is prime|Yes — 17 is prime.|Yes: it is prime.|Yes; it is prime.|Yes\n\n17 has no divisors. No number divides it.|Yes, that is correct.|Yes, no number divides 17.|True, no remainder.|True\n\nFalse positives are rare.|**Yes**, it is.|True. The converse is false.|Yes. Suppose not; then it had a divisor.|[Yes] No divisor.'.split(
      '|',
    ),
    no: 'No, 91 = 7 × 13.|No. 91 = 7 × 13.|No. 91 is divisible by 7.|No\n\n91 = 7 × 13, so it is composite.|No, it is not prime.|No, because it is divisible by 7.|No it is not|No 91 is 7 × 13|No, that is not a true statement.|No, the statement is false.|No.\n\nYes-men may disagree.|No, sir|No - 91 is composite.|False. Some primes are even.|No. It is true that 91 is odd, but 7 divides it.|[No]\n\nExplanation: it looked like a [Yes] at first.'.split(
      '|',
    ),
  },
  'a verdict that concludes': {
    yes: 'Therefore, yes, it is prime.|So yes.|In short, yes.|I would say yes|I say yes.|My verdict is yes.|17 is prime: yes|Probably yes.|Most likely yes|It has no divisor but itself. [Yes]|Is 17 prime? Yes.|It is odd, and nothing divides it. Yes.'.split(
      '|',
    ),
    no: 'Therefore, no.|So no.|I would say no.|Yes or no? No.|91 = 7 × 13. So, no.|91 = 7 × 13. **No**|Choose [Yes] or [No]. 91 = 7 × 13. [No]'.split(
      '|',
    ),
  },
  'a correction within the text': {
    yes: ['No, wait, it is yes.', 'No. Wait, yes.', 'False. Hold on. It is true.'],
    no: 'Yes. Wait, no: 91 = 7 × 13, so No.|Yes. Actually, no.|Yes... hold on. 91 = 7 × 13. No.|True. On second thought, false.|Yes. 91 = 7 × 13. Therefore, no.'.split(
      '|',
    ),
  },
  'a mark or an announcement': {
    yes: 'The answer is probably yes.|The answer is: **Yes**|The answer is true.|<answer>Yes, it is</answer>|{"answer": "Yes, 17 is prime."}|{"answer": true}|\\boxed{\\text{True}}|<answer>17 is prime: yes</answer>|<answer>oui</answer>'.split(
      '|',
    ),
    no: 'The answer is no|The answer is definitely not.|The answer is not true.|Answer: No.|<answer>not true</answer>|<answer>The statement is false.</answer>|\\boxed{\\text{No}}|{"answer": "nein"}'.split(
      '|',
    ),
  },
};

describe.each(Object.entries(kinds))('boolean reads %s', (_kind, { yes = [], no = [] }) => {
  it.each(yes)('%j is true', (text) => {
    expect(read(text)).toBe(true);
  });
  it.each(no)('%j is false', (text) => {
    expect(read(text)).toBe(false);
  });
});

/** Texts that are no verdict; some may be read by a careful person, but never as the opposite. */
const abstentions: Readonly<Record<string, readonly string[]>> = {
  doubt:
    'Maybe|maybe yes|Maybe not|Perhaps no|It depends.|Not necessarily.|Not really.|Not sure.|partly true|It is not entirely true.|It is not always true.|It could be true.|It is true that 91 is odd, but it is not prime.|The opposite is true.|He says it is true, she says it is false|It might be false|Hard to say whether it is true.|It is unclear if it is true|The answer is unclear.|Peut-être.|vielleicht|не знаю|不一定|不知道|たぶん'.split(
      '|',
    ),
  'a condition':
    'Yes if n is odd, otherwise no.|Yes, if n is odd.|Yes, but only if n is odd.|True if n > 2.|It is true if n is odd.|That would be true.|The answer is yes if n is odd, otherwise no.|If it is true, then 17 is prime.|If n is odd, yes.|Suppose it is false.|Let us assume it is true.|Unless n is even, yes.|If the answer is yes, stop.|Oui, si n est impair.|Ja, wenn n ungerade ist.'.split(
      '|',
    ),
  both: 'Yes and no.|yes or no|true/false?|Yes/No|True or false|Yes, no, maybe|First [Yes]. Then [No].|Answer: Yes or No|<answer>yes and no</answer>|Yes, and no.|Neither true nor false.|The answer is neither.|The statement is true. The statement is false.|No, it is true that 17 is prime.|Some say yes, some say no.|[Yes] or [No]'.split(
    '|',
  ),
  'a verdict that is denied':
    "I would not say yes.|I don't think that's true.|You cannot say that this is true.|It is not false.|Not false|That is not wrong.|It is wrong to say that this is true.|I cannot say yes.|not yes|not no|I am not sure that this is true|It is unlikely to be true.|It isn't false|I doubt that it is true.|I deny that it is true.|I fail to see how it is true.|Я не думаю, что это верно.|The claim that it is false is false.|I don't think the answer is yes.".split(
      '|',
    ),
  'an idiom':
    'No doubt, it is prime.|No problem! 17 is prime.|No idea.|No comment.|No one knows.|No remainder.|No longer prime|No. 5|see No. 5|No.5|There is no remainder, so it is prime.|No wonder.|Dr. No|No prime is even.|no more than 5|No matter what|No way to know.|No such number exists.|No answer.|no evidence|no question about it'.split(
      '|',
    ),
  'another use of the word':
    'Nobody knows yesterday|True primes are odd.|False positives are rare.|Turn right.|The right triangle|Right angles are equal|correct to two decimals|true positive|Yes-men are common|For integers x, y, z|17 is, indeed, prime.|Of course, 91 is not prime.|Certainly! Here is the reasoning.|Sure, let me check that.'.split(
      '|',
    ),
  'a question, or the answer to one on the way':
    'Yes?|Is it true?|Is it? Yes or no|Is 17 divisible by 2? No. By 3? No. So 17 is prime.|Divisible by 2: no\nDivisible by 3: no'.split(
      '|',
    ),
};

describe.each(Object.entries(abstentions))('boolean abstains from %s', (_kind, texts) => {
  it.each(texts)('%j', (text) => {
    expect(read(text)).toBeUndefined();
  });
});

const subjects = fc.constantFrom('It', 'This', 'That', 'The claim', 'The statement', 'What you say');
const judgements = fc.constantFrom('true', 'correct', 'right', 'accurate');
const options = { seed: 13, numRuns: 300 };

describe('boolean keeps to what is said', () => {
  it('turns a judgement by a plain denial', () => {
    const denials = fc.constantFrom('is not', "isn't", 'is never', 'was not', 'does not seem');
    fc.assert(
      fc.property(subjects, denials, judgements, (subject, denial, judgement) => {
        expect(read(`${subject} ${denial} ${judgement}.`)).toBe(false);
        expect(read(`${subject} is ${judgement}.`)).toBe(true);
      }),
      options,
    );
  });

  it('never reads a denied or doubted judgement as that judgement', () => {
    const doubts = fc.constantFrom(
      "I don't think that",
      'I doubt that',
      'You cannot say that',
      'Nobody believes that',
      'It is unclear whether',
      'If',
      'I never said that',
      'It is not the case that',
    );
    fc.assert(
      fc.property(doubts, subjects, judgements, (doubt, subject, judgement) => {
        expect(read(`${doubt} ${subject.toLowerCase()} is ${judgement}.`)).not.toBe(true);
      }),
      options,
    );
  });

  it('reads the verdict that opens a text, with any reasons of no verdict behind it', () => {
    const reasons = fc.constantFrom(
      '91 = 7 × 13',
      'nothing divides it',
      'no number divides it',
      'it has no remainder',
      'there is no divisor below 5',
      'the sum of its digits is 10',
    );
    const joints = fc.constantFrom(', ', '. ', '\n\n', ' — ', ': ', ', because ');
    fc.assert(
      fc.property(fc.boolean(), joints, reasons, (verdict, joint, reason) => {
        expect(read(`${verdict ? 'Yes' : 'No'}${joint}${reason}.`)).toBe(verdict);
      }),
      options,
    );
  });

  it('abstains from two verdicts without a correction', () => {
    const words = fc.constantFrom('Yes', 'No', 'True', 'False', 'Correct', 'Incorrect', 'Oui', 'Non');
    const sides = (word: string) => /^(?:Yes|True|Correct|Oui)$/.test(word);
    fc.assert(
      fc.property(words, words, fc.constantFrom('. ', '\n', '! '), (first, second, joint) => {
        const expected = sides(first) === sides(second) ? sides(first) : undefined;
        expect(read(`${first}${joint}${second}.`)).toBe(expected);
      }),
      options,
    );
  });
});

describe('what a text only supposes is no verdict', () => {
  it.each([
    ['No. Yes would only be right if both were even.', false],
    ['False. True would need more.', false],
    ['Yes. No would be right only if n were odd.', true],
    ['Nein. Ja wäre nur richtig, wenn beide gerade wären.', false],
    ['No. 91 is divisible by 7.', false],
  ])('%j is %j', (text, verdict) => {
    expect(boolean(text)).toBe(verdict);
  });

  it.each(['No. 7 is my favorite', 'No. 3 in the list is the best.', 'Yes. No, it would be false.'])(
    '%j abstains',
    (text) => {
      expect(abstentionReason(boolean(text))).toBeDefined();
    },
  );
});
