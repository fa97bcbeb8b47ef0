import { lazily } from '../../domain/lazily.ts';
import { fold } from '../reading/fold.ts';
import { wordSet, wordsOf } from '../reading/words.ts';

/** What a text says: yes, no, or both. Both stands also for a yes or no that is doubtful or has a condition. */
export const YES = 1;
export const NO = 2;
export const BOTH = 3;
export type Side = typeof YES | typeof NO | typeof BOTH;

/** Yes and no in the languages that models are most often asked in. */
const interjections = lazily(
  () =>
    ({
      yes: wordSet(
        'yes,yep,yup,yeah,yea,yah,aye,yes yes,yes yes yes,это так,はいです,affirmative,absolutely,definitely,' +
          'without a doubt,without doubt,i think so,i believe so,' +
          "i'd say so,i would say so,oui,ouais,si,bien sûr que oui,ja,jawohl,jep," +
          'auf jeden fall,sí,claro que sí,sim,' +
          'claro que sim,sì,да,ага,так,tak,jo,evet,iya,vâng,' +
          '是,是的,对的,對的,没错,沒錯,是啊,はい,ええ,うん,そうです,その通りです,' +
          '네,예,응,그렇습니다,हाँ,हां,जी हाँ,जी हां,نعم,أجل,হ্যাঁ,হ্যা,ہاں,جی ہاں,',
      ),
      no: wordSet(
        "no,nope,nah,nay,no no,no no no,not the case,not so,это не так,いいえです,no way,not at all,by no means,of course not,i think not,i believe not,i don't think so," +
          "i do not think so,i don't believe so,i do not believe so,absolutely no,non,nan,pas du tout,bien sûr que non," +
          'absolument pas,nein,nee,nö,natürlich nicht,auf keinen fall,keineswegs,überhaupt nicht,claro que no,por supuesto que no,' +
          'para nada,en absoluto,de ninguna manera,não,nao,claro que não,de jeito nenhum,de modo algum,no davvero,' +
          'assolutamente no,certo che no,нет,конечно нет,конечно же нет,ни в коем случае,нисколько,ні,nie,nej,hayır,tidak,bukan,không,' +
          '否,不,不是,不是的,不对,不對,当然不是,當然不是,不正确,不正確,并不是,いいえ,いや,いえ,違います,違う,ちがいます,' +
          'そうではありません,아니요,아니오,아뇨,아니,아닙니다,아니에요,그렇지 않습니다,नहीं,जी नहीं,बिल्कुल नहीं,ना,لا,كلا,না,জি না,نہیں,جی نہیں',
      ),
    }) as const,
);

/** They say yes and no if they are the whole text, and are chatter or the name of a variable if more follows. */
const alone = lazily(
  () =>
    ({
      yes: wordSet(
        'y,certainly,surely,of course,sure,for sure,by all means,undoubtedly,indeed,exactly,precisely,bien sûr,absolument,' +
          'tout à fait,natürlich,selbstverständlich,genau,claro,por supuesto,desde luego,efectivamente,certo,certamente,' +
          'com certeza,конечно,безусловно,当然,當然,もちろん,もちろんです,물론입니다,물론이죠,ya,có,जी,बिल्कुल,بالتأكيد,بالطبع,জি,' +
          'অবশ্যই,جی',
      ),
      no: wordSet('n'),
    }) as const,
);

/** True and false: they answer alone, and as what a sentence says of its subject. */
export const predicates = lazily(
  () =>
    ({
      yes: wordSet(
        'true,correct,right,accurate,vrai,vraie,exact,exacte,correcte,wahr,richtig,korrekt,zutreffend,verdadero,verdadera,' +
          'cierto,cierta,correcto,correcta,verdad,verdadeiro,verdadeira,verdade,correto,correta,certo,certa,vero,vera,' +
          'corretto,corretta,giusto,giusta,esatto,esatta,верно,правда,правильно,истина,истинно,истинна,верна,верное,истинное,' +
          'правильное,doğru,benar,đúng,waar,juist,goed,prawda,poprawne,poprawnie,rätt,riktigt,rigtigt,riktig,juste,justo,सही,सत्य,सच,صحيح,صحيحة,صح,صواب,সত্য,সঠিক,ঠিক,درست,صحیح,' +
          '참,참입니다,참이다,맞습니다,맞아요,맞다,맞음,옳음,옳다,정답,정답입니다,사실입니다,사실이다,옳습니다',
      ),
      no: wordSet(
        'false,incorrect,wrong,untrue,inaccurate,faux,fausse,inexact,inexacte,incorrecte,falsch,inkorrekt,unwahr,unrichtig,' +
          'unzutreffend,falso,falsa,incorrecto,incorrecta,errado,errada,incorreto,incorreta,sbagliato,sbagliata,scorretto,' +
          'scorretta,errato,errata,неверно,неправда,неправильно,ложь,ложно,ложна,неверна,неверное,ложное,неправильное,yanlış,' +
          'salah,onwaar,onjuist,fout,fałsz,nieprawda,niepoprawne,niepoprawnie,błędne,sai,fel,felaktigt,forkert,feil,' +
          'equivocado,equivocada,injusto,erróneo,errónea,erroné,erronée,गलत,ग़लत,असत्य,झूठ,خطأ,خاطئ,خاطئة,غلط,মিথ্যা,ভুল,অসত্য,' +
          '거짓,거짓입니다,거짓이다,틀립니다,틀렸습니다,틀렸어요,틀리다,틀림,틀렸다,오답,오답입니다,정답이 아닙니다',
      ),
    }) as const,
);

/** Clauses that answer neither yes nor no. */
export const shrugs = wordsOf(
  'maybe,perhaps,possibly,not necessarily,it depends,that depends,depends,not sure,unsure,unclear,unknown,not always,' +
    "yeah right,as if,fat chance,not really,not exactly,not quite,not entirely,sometimes,partly,partially,both,neither,undecided,i don't know,i do not know," +
    "i'm not sure,i am not sure,peut-être,pas forcément,ça dépend,cela dépend,je ne sais pas,vielleicht,nicht unbedingt," +
    'es kommt darauf an,quizá,quizás,tal vez,depende,no necesariamente,no sé,talvez,não necessariamente,não sei,forse,' +
    'non necessariamente,dipende,может быть,возможно,не обязательно,зависит,не знаю,不一定,也许,也許,可能,不知道,たぶん,' +
    'かもしれません,わかりません,分かりません,아마도,모르겠습니다,शायद,पता नहीं,ربما,হয়তো',
);

/** Verbs that say true by themselves: "Das stimmt." */
export const verbs = wordsOf('stimmt,holds');

/** Endings of a clause in scripts without blanks, with what they say; the first that fits counts. */
export const endings: readonly (readonly [ending: RegExp, says: Side])[] = [
  [
    /(?:不正解|不正解です|正しくない|正しくありません|間違い|間違っている|間違っています|間違いです|誤り|誤りです|偽|偽です|嘘です)$/,
    NO,
  ],
  [/(?:正しい|正しいです|真|真です|本当です|正解です|正解)$/, YES],
  [/(?:不正确|不正確|不对|不對|不成立|不是真的|错|錯|错误|錯誤|假|假的|错的|錯的)的?$/, NO],
  [/(?:正确|正確|对|對|真|真的|成立)的?$/, YES],
];

/** What makes the end of a clause in such a script no verdict: a negation before it, a question, a doubt. */
export const doubtsWithoutBlanks =
  /[吗嗎么]$|不|没|沒|非|是否|如果|若|可能|也许|也許|或|かどうか|もし|かもしれ|ない|ません|でしょう/;

const says = lazily(
  () =>
    new Map<string, Side>([
      ...[...interjections().yes, ...predicates().yes].map((word) => [word, YES] as const),
      ...[...interjections().no, ...predicates().no].map((word) => [word, NO] as const),
    ]),
);

const saysAlone = lazily(
  () =>
    new Map<string, Side>([
      ...[...alone().yes].map((word) => [word, YES] as const),
      ...[...alone().no].map((word) => [word, NO] as const),
    ]),
);

/** Returns what a text says that is nothing but this phrase. */
export const sideOfWhole = (phrase: string): Side | undefined =>
  says().get(phrase) ?? saysAlone().get(phrase);

/** Returns what a word or a set phrase says if it is all that a clause says. */
export const sideOf = (phrase: string): Side | undefined => says().get(phrase);

/** The verdicts that may continue within their clause: "Yes it is", "No 91 is not". */
export const heads = lazily(
  () =>
    new Map<string, Side>([
      ...[...'yes,yep,yeah,oui,sí,sim,sì,да,हाँ,हां,نعم,হ্যাঁ,네,예'.split(',')].map(
        (word) => [fold(word), YES] as const,
      ),
      ...[...'no,nope,nah,non,nein,não,нет,नहीं,لا,না,아니요,아니오'.split(',')].map(
        (word) => [fold(word), NO] as const,
      ),
      ['true', YES],
      ['correct', YES],
      ['false', NO],
      ['incorrect', NO],
    ]),
);

/** The first words of everything that says yes or no. */
export const firstWords = lazily(
  (): ReadonlySet<string> =>
    new Set(
      [...says().keys(), ...saysAlone().keys(), ...shrugs()].map((phrase) => phrase.split(' ', 1)[0] ?? ''),
    ),
);
