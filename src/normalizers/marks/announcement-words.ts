/** The words of announcements ("the answer is") in the most used languages. */

/** Nouns that name the answer and nothing else, where letters have spaces between words. */
export const ANSWER_NOUNS = [
  // English, German, Dutch, Spanish, Portuguese, French, Italian
  'answers?',
  'verdict',
  'antwort',
  'antwoord',
  'respuesta',
  'resposta',
  'r[ée]ponse',
  'risposta',
  // Indonesian, Turkish, Vietnamese, Polish
  'jawaban(?:nya)?',
  'cevap',
  'đáp án',
  'odpowied[źz]',
  // Russian, Ukrainian
  'ответ(?:ом)?',
  'відповідь',
  // Hindi, Bengali, Arabic, Urdu
  'उत्तर',
  'जवाब',
  'উত্তর(?:টি)?',
  '(?:ال)?جواب',
  '(?:ال)?[إا]جابة',
];

/** The same in scripts without spaces, with what may be joined to them. */
export const JOINED_ANSWER_NOUNS = [
  '答案',
  '答え',
  '解答',
  '回答',
  '正解',
  '答(?=[:は])',
  '正答',
  '정답',
  '최종 ?답',
  '답변',
  '답(?=[:은이])',
  // "Hence choose B", as answers to examinations put it.
  '(?:故|因此|所以|应该?|應該?)[选選][择擇]?(?=[:项項 (*]|[A-Z])',
];

/** Nouns that may name the answer or the result of a step. */
export const RESULT_NOUNS = [
  'results?',
  'solution',
  'total',
  'outcome',
  'conclusion',
  'ergebnis',
  'endergebnis',
  'lösung',
  'resultado',
  'solución',
  'solução',
  'résultat',
  'risultato',
  'soluzione',
  'результат',
  'итого?',
  'परिणाम',
  'ফলাফল',
  'النتيجة',
  '结果',
  '結果',
  '결과',
];

/** Nouns that name the answer only after an adjective: "the correct option". */
export const OPTION_NOUNS = [
  'options?',
  'choice',
  'opci[óo]n',
  'opção',
  'alternativa',
  'opzione',
  'вариант',
  '选项',
  '選項',
  '選択肢',
  '선택지',
];

/** "The correct statement is (C)": any noun, if a letter that is set off follows. */
export const SET_OFF_NOUNS = ['correct', 'right', 'best', 'matching'].map(
  (adjective) =>
    `${adjective} (?!answers?\\b|option|choice)[a-z]{4,15}` +
    '(?= (?:is|would be) (?:\\(?\\*\\*\\(?[a-z]\\)?\\*\\*|\\([a-z]\\)))',
);

/** What may stand between the noun and its verb: "la respuesta correcta es". */
export const ADJECTIVES =
  'finale?|correcte|exacte|correct|correcta|correta|certa|definitiva|corretta|esatta|giusta|النهائية?|الصحيحة?|akhir|yang benar|doğru|đúng(?: nhất)?|chính xác|ที่ถูกต้อง';

/** Verbs, with the end of a word after them. */
export const VERBS = [
  'is|was|are|equals?|becomes|(?:comes(?: out)?|came out|works out|amounts|adds up) to|(?:turns out|turned out|seems|appears) to be|(?:should|would|must|will|has to|ought to|can only) be',
  'ist|sei|lautet|beträgt|war|wäre|is|est|soit|serait|es|sea|sería|son|é|seja|seria|è|sia|sarebbe|sono|adalah|là|brzmi|wynosi',
  'это|является|будет|равен|равно|составляет|є',
  'है|होगा|हैं|হল|হলো|হচ্ছে|হবে|هو|هي|ہے',
].join('|');

/** Verbs that leave the answer open: "the answer could be". */
export const HEDGES =
  '(?:could|might|may|can) (?:also |well |possibly |perhaps )?be|(?:pourrait|peut) être|könnte(?: sein)?|(?:podría|puede) ser|(?:poderia|pode) ser|(?:potrebbe|può) essere|может (?:быть|оказаться)|可能[是为為]';

/** Verbs and particles of scripts without spaces. */
export const JOINED_VERBS = '(?:应该?|應該?)?[是为為选選]|就是|は|が|은|는|이|가';

/** Words between the announcement and the value. */
export const FILLERS = new Set(
  (
    'about actually approximately around as below choice clearly definitely equal exactly following follows found ' +
    'given by indeed just letter likely most now number only option probably roughly simply still that the ' +
    'therefore thus to calculated computed ' +
    'der die das den buchstabe etwa ungefähr genau nämlich somit also folgende ' +
    "la le les l'option l'opzione lettre environ donc exactement el los las opción letra aproximadamente exactamente " +
    'alternativa opção aproximadamente exatamente il lo opzione lettera circa esattamente ' +
    'вариант около примерно ровно под буквой ' +
    'विकल्प लगभग বিকল্প প্রায় الخيار تقريبا'
  ).split(' '),
);

/** The same in scripts without spaces, and articles that may be an option elsewhere. */
export const JOINED_FILLERS =
  /[ao] (?=op[çc]|alternativa|letra)|选项|選項|选择|選擇|選択肢|选|選|大约|大約|约|約|およそ|为|為|是(?!的?(?:["'\u201d\u300d\u300f\u3002.,!\s]|$))|선택지|약/iy;

/** Words before the noun of an announcement that opens its line: "So my final answer is". */
export const OPENERS = new Set(
  (
    'so thus hence therefore then the my our final correct right best overall short ' +
    'here is s sure certainly absolutely okay ok alright of course great question good ' +
    'also somit daher die meine das endgültige richtige korrekte ' +
    'donc ainsi la le ma mon notre bonne meilleure finale ' +
    'el mi nuestra así que por lo tanto entonces portanto assim logo então o a minha ' +
    'quindi dunque il lo mia ' +
    'итак мой правильный окончательный верный ' +
    'सही अंतिम मेरा अतः इसलिए সঠিক চূড়ান্ত তাই আমার إذن لذلك ' +
    '因此 所以 最终 正确 正确的 我的 最终的 したがって よって 最終的な 正しい 따라서 그러므로 최종'
  ).split(' '),
);

/** Adjectives of an answer that replaces others, as patterns. They may be parts of words. */
export const FINAL =
  'final|revised|updated|corrected|definitive|ultimate|endgültige?|окончательный|итоговый|最终|最終|最后|अंतिम|চূড়ান্ত|최종';

/** Adjectives that make an option the answer, as patterns. */
export const CHOOSING =
  'correct|right|best|final|appropriate|suitable|matching|valid|richtige|korrekte|bonne|правильный|верный|正确|正しい|올바른';
