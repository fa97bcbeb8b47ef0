import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { choice } from '../../src/normalizers/choice.ts';

const letters = ['A', 'B', 'C', 'D'] as const;
const sentiments = ['positive', 'negative', 'neutral'] as const;

const read = (options: readonly string[], text: string): string | undefined => {
  const answer = choice(options)(text);
  return typeof answer === 'string' ? answer : undefined;
};

/** Texts with a bar between them. */
const texts = (list: string): readonly string[] => list.split('|');

const letterKinds: Readonly<Record<string, readonly string[]>> = {
  'a letter alone, however it is set': texts(
    'B|b|B.|(B)|B)|**B**|[B]|"B"|`B`|[[B]]|**B.**|B:|(b)|B。|Ⓑ|Ｂ|𝐁|🅱|🅱️|ⓑ|option B|Option b|Option (B)|Choice B|Letter B|Answer B',
  ),
  'a letter and its text': texts(
    'B) Paris|B. Paris|(B) Paris|B: Paris|B - Paris|B — Paris|**B** Paris|**B. Paris**|**B) Paris**|B (Paris)',
  ),
  'a letter that opens the text, and its reasons': texts(
    'B. Paris, since A is Lyon|B, because A is wrong.|B because A is wrong|(B) because not A|B (not A)|B, not A.|B since A and C fail|B\n\nOption A ignores the tax, and option C counts it twice.|**B** is right. A is wrong because of the sign, and C because of the unit.|B; A is too small|B! Because A is wrong.|B is right, A is not.|B\n\nA: wrong sign\nC: wrong unit|B.\n\nA is Lyon.|B, as opposed to A|B rather than A|Option B (not option A)|B、因为A不正确。',
  ),
  'a judgement': texts(
    'B is right.|B is correct|B is the correct answer.|B is the best option|B is better than A.|B fits best|B wins.|"B" is the answer|Response B is better than Response A.|A is wrong, C is wrong, so B.|A fails. B works.|A, C and D are incorrect. B is right.|Both A and C are wrong; B is right.',
  ),
  'a choice in a sentence': texts(
    "I think B|I think it is B.|I choose B.|I'd go with B|I would go with B rather than A.|I would say B|I would pick B over A.|I pick B instead of A.|My answer: B|My pick is B.|It is B.|It's B|It is B, not A.|It is not A but B.|It is not A, it is B.|Definitely B.|Probably B|So B.|Therefore, B.|Must be B.|A and C fail, so B.|Not A. B.|Not C, but B.|Neither A nor C. B.|I don't think it's A, so B.|There is no doubt that it is B.|I eliminate A, C and D, leaving B.|We can rule out A, so it is B.|I vote for B|A is too small and C too big: B|A? C? B.|A or B? B.",
  ),
  'a mark or an announcement': texts(
    '\\boxed{B}|\\boxed{\\text{(B)}}|\\boxed{\\mathrm{B}}|\\boxed{\\textbf{B}}|The answer is B|The answer is (B).|The answer is **B**.|The answer is option B.|The answer is B, A is wrong|The answer is B rather than A.|The answer is Paris, which is option B.|The answer is $B$|Answer: B) Paris|The correct option is B, since A, C and D fail.|<answer>B</answer>|<answer>Option B</answer>|<answer>B. Paris</answer>|<answer>B because A is wrong</answer>|<answer>B, not A</answer>|{"answer": "B"}|{"answer": ["B"]}|{"answer": "Paris (B)"}|#### B',
  ),
  'a correction': texts(
    'A. Wait, B.|A. Wait, no: B.|A. On second thought, B.|A\n\nActually, B.|A... no, B.|A, no wait, B|A - sorry, B.|A\n\nNo, B is right.',
  ),
  'other languages': texts(
    "选B|选项B|我选择B|答案是B|C'est B, pas A.|Es B, no A.|Это B, а не A.|不是A，而是B|是B而不是A|La respuesta es B",
  ),
};

describe.each(Object.entries(letterKinds))('choice reads %s', (_kind, list) => {
  it.each(list)('%j', (text) => {
    expect(read(letters, text)).toBe('B');
  });
});

const noLetters: Readonly<Record<string, readonly string[]>> = {
  'a letter that is denied': texts(
    "not B|Not B.|It is not B|It isn't B.|It cannot be A or B.|neither|Neither A nor B|B is wrong|B isn't right.|B is incorrect.|A and B are wrong.|Options A and B fail.|A, B and C are incorrect.|rule out A|rather than A|as opposed to A|instead of A|eliminate A and B|other than A|anything but A|Not A, B or C|I don't think it is A|I do not believe it is B.|I am not sure it is A|unlike A|All but A.|I reject B.|never B|wrong: B|The wrong answer is B.|The worst option is B|I doubt it is B.|Contrary to B|D has nothing to do with it.|B is unlikely.|A is too small.|A is worse than B.|None of the above.|The answer is none of the above; A comes closest.|The answer is not B.|I don't think the answer is B.|<answer>not B</answer>|<answer>neither</answer>|B. B is wrong.",
  ),
  'a letter that is denied in other languages': texts(
    "nicht B|kein B|pas B|Ce n'est pas B.|No es B.|Não é B.|не B|Это не B.|不是B|B不正确|Bではない|Bではありません|B est fausse.|B ist falsch.|B es incorrecta.|A scheidet aus.",
  ),
  'several letters': texts(
    'A and C|A, C|A or B|A/B|A & B|Both A and B.|A, B, or C|(A) and (B)|Either A or B|I can\'t decide between A and B.|A and B are both right.|A. B.|A\nB|A. Paris is nice\nB. Lyon is nicer\nC. Rome|A) 1\nB) 2\nC) 3|B is right. C is right too.|A (or B)|A and/or B|A and B tie.|A is right. B as well.|A as well as B|A along with C|A is right and so is C.|A, but also B|Statements A and B are true.|A. one B. two C. three|<answer>A, C</answer>|{"answer": "A or B"}|{"answer": ["A", "C"]}|The answer is A or B|The answer is (A) and (B).|The answers are A and C.|The answer is neither A nor B.',
  ),
  'a letter that is a word, a name or a variable': texts(
    "Using $F = ma$ and $A = \\pi r^2$ we get|P(B;A)|f(A)|A cat.|A cat sat on B|Hepatitis B|vitamin C|plan B|Plan B is ready.|Type A|I think|Bob's|B's|B-side|class A amplifier|He got an A.|Let A be a set.|A is a vowel.|The vitamin C content|B vitamins|C major|Appendix A|Figure B shows|point A|grade B|Section C.|In case A we get x|matrix A times B|A × B|A + B|A → B|The A train|C++ is a language|A+ grade|x = B|Gate A opens.|Mr. B|A.D.|plan B it is|vitamins B and C|A* search|A-|USB-C|The answer is a combination",
  ),
  'a question or a condition': texts(
    'Is it A?|A?|A or B?|Suppose A is true.|If B then C|when B is true|If A, then we stop.|if it were B|If the answer is B, stop.',
  ),
};

describe.each(Object.entries(noLetters))('choice abstains from %s', (_kind, list) => {
  it.each(list)('%j', (text) => {
    expect(read(letters, text)).toBeUndefined();
  });
});

const wordKinds: readonly (readonly [
  options: readonly string[],
  expected: string | undefined,
  list: string,
])[] = [
  [
    sentiments,
    'positive',
    'positive|Positive.|**Positive**|POSITIVE|The sentiment is positive.|The sentiment is positive, not negative.|It is positive rather than negative.|**Positive**\n\nNothing negative is said|Positive\n\nThere are no negative words.|Positive, because nothing negative is said.|This is a positive review.|Sentiment: positive|I would say positive.|Not negative but positive.|It isn\'t negative; it is positive.|Positive - the tone is warm.|Overall positive|{"answer": "positive"}|The answer is clearly positive.|The review is positive; it is neither neutral nor negative.|Negative. Wait, positive.|Positive\n\nThe neutral words do not matter.',
  ],
  [
    sentiments,
    undefined,
    "It is not positive.|It isn't positive|hardly positive|far from positive|anything but positive|It is neither positive nor negative.|positive and negative|positive/negative|Both positive and negative|positive, negative, neutral|Nothing positive is said.|no positive words|without negative words|I don't think it is negative.|Is it positive?|Positive: acting\nNegative: plot|The positive label is wrong.|nonpositive|positively|mixed|less positive than neutral|Some are positive, some are negative.|positive, then negative|positive vs negative|It fails to be positive.|It is the opposite of positive.|positive or not|if it were positive|I cannot say that it is positive.|The answer is not positive.|<answer>not positive</answer>|Positive.\n\nNegative.",
  ],
  [
    ['relevant', 'not relevant'],
    'not relevant',
    'Not relevant.|The document is not relevant.|It is not relevant, because it is old.|**Not relevant**|The answer is not relevant|{"answer": "not_relevant"}|Not-relevant',
  ],
  [
    ['relevant', 'not relevant'],
    'relevant',
    'relevant|The document is relevant.|It is relevant, not irrelevant.',
  ],
  [
    ['positive', 'very positive'],
    'very positive',
    'It is very positive.|Very Positive, because|the answer is very positive',
  ],
  [['yes', 'no'], 'no', 'no|No.|No, it is not.|**No**|No\n\nyes-men disagree|I would say no.'],
  [['yes', 'no'], 'yes', 'Yes.|Yes, no doubt.|Yes, no remainder|No doubt, yes.'],
  [['yes', 'no'], undefined, 'no doubt|no idea|yes or no|yes and no|not yes|No remainder is left|yes/no'],
  [
    ['1', '2', '3'],
    '2',
    '2|2.|(2)|2)|Option 2|**2**|I choose 2.|Rating: 2|②|2️⃣|It is 2.|{"answer": 2}|2 - weak',
  ],
  [
    ['1', '2', '3'],
    undefined,
    '2.5|1/2|-2|2%|2 or 3|2, 3|I have 2 reasons|1. First step\n2. Second step|12|22|2-3|2^3',
  ],
  [['A', 'B', 'A and B'], 'A and B', 'A and B|The answer is A and B|(A and B)'],
  [['A', 'B', 'tie'], 'A', '[[A]]|Assistant A is better.|A\n\nB was too short.'],
  [['A', 'B', 'neither'], 'neither', 'neither|Neither.'],
  [[...'ABCDEFGHIJ'], 'C', '(C), and so do I.|I think C.|C, I think'],
  [['是', '否'], '否', '否|否。|答案是否'],
  [['是', '否'], undefined, '不是'],
  [['积极', '消极'], '积极', '积极|这条评论是积极的。|积极，不是消极。'],
  [['积极', '消极'], undefined, '不积极|这条评论不是积极的。|积极和消极'],
  [['C', 'C++'], 'C++', 'C++|written in C++'],
];

describe.each(wordKinds)('choice among %j reads %j', (options, expected, list) => {
  it.each(texts(list))('%j', (text) => {
    expect(read(options, text)).toBe(expected);
  });
});

const runs = { seed: 13, numRuns: 500 };
const option = fc.constantFrom(...letters);
const sentiment = fc.constantFrom(...sentiments);
const pairs = <Item>(items: fc.Arbitrary<Item>) => fc.tuple(items, items).filter(([one, two]) => one !== two);

describe('choice keeps to what is said', () => {
  const denials = fc.constantFrom(
    'not @',
    'It is not @.',
    "It isn't @",
    '@ is wrong.',
    '@ is not right',
    "@ isn't the answer.",
    'I reject @.',
    'rather than @',
    'Nothing speaks for @, and it cannot be @.',
    'It can never be @',
    "I don't believe it is @.",
    'neither @ nor anything else',
    'instead of @',
    '@ is incorrect, because it is too small.',
  );

  it('never reads an option from a text that only denies it', () => {
    fc.assert(
      fc.property(denials, option, sentiment, (denial, letter, word) => {
        expect(read(letters, denial.replaceAll('@', letter))).toBeUndefined();
        expect(read(sentiments, denial.replaceAll('@', word))).toBeUndefined();
      }),
      runs,
    );
  });

  it('reads the option that a text names in a sentence of its own, whatever it denies besides', () => {
    const frames = fc.constantFrom('@.', '**@**.', 'It is @.', 'I choose @.', '@ is right.', 'Definitely @.');
    const rest = fc.constantFrom('', ' # is wrong.', ' It is not #.', ' # is too small.', '\n\nNot #.');
    fc.assert(
      fc.property(frames, rest, pairs(option), pairs(sentiment), (frame, more, [one, two], [word, other]) => {
        const text = `${frame}${more}`;
        expect(read(letters, text.replaceAll('@', one).replaceAll('#', two))).toBe(one);
        expect(read(sentiments, text.replaceAll('@', word).replaceAll('#', other))).toBe(word);
      }),
      runs,
    );
  });

  it('abstains from two options that a text without a mark does not deny', () => {
    const frames = fc.constantFrom(
      '@ and #',
      '@ or #.',
      '@, #',
      '@/#',
      'It is @ or #.',
      'It is both @ and #',
      '@ is right. # is right.',
      'I choose @ and #.',
      '@\n#',
      '@. #.',
      'Either @ or #.',
    );
    fc.assert(
      fc.property(frames, pairs(option), pairs(sentiment), (frame, [one, two], [word, other]) => {
        expect(read(letters, frame.replace('@', one).replace('#', two))).toBeUndefined();
        expect(read(sentiments, frame.replace('@', word).replace('#', other))).toBeUndefined();
      }),
      runs,
    );
  });
});

describe('a letter or a mark is read as people mean it', () => {
  it.each([
    ['D is the only option that fits.', 'D'],
    ['Only C makes sense here.', 'C'],
    ['C makes the most sense.', 'C'],
    ['C seems most plausible.', 'C'],
    ["I'd go for D.", 'D'],
    ['Going with D on this one.', 'D'],
  ])('%j is %s', (text, option) => {
    expect(choice(['A', 'B', 'C', 'D'])(text)).toBe(option);
  });

  it.each([
    '- A\n- B\n- C',
    '1. A 2. B',
    '1. A\n2. B',
    'A. Also B.',
    'A. And also C.',
    'The answer is A? No, B.',
  ])('%j abstains', (text) => {
    expect(abstentionReason(choice(['A', 'B', 'C', 'D'])(text))).toBeDefined();
  });

  it.each(['I rate this 4 out of 5.', 'I give it a 4 out of 5 stars.', '4 stars'])('%j is 4', (text) => {
    expect(choice(['1', '2', '3', '4', '5'])(text)).toBe('4');
  });

  it.each([
    'To be positive, it would need praise.',
    'It would be positive if it had praise.',
    'Were it positive, it would say so.',
  ])('%j abstains', (text) => {
    expect(abstentionReason(choice(['positive', 'negative'])(text))).toBeDefined();
  });
});
