import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { byContent } from '../../src/grouping/by-content.ts';
import { grouped } from './grouped.ts';

type Pair = readonly [question: string, first: string, second: string];

const same: readonly Pair[] = [
  [
    'Wer hat die Decke der Kapelle gemalt?',
    'Die Decke der Kapelle wurde von Marco Velli gemalt.',
    'Marco Velli',
  ],
  ['Wann wurde die Brücke gebaut?', 'Sie wurde im Jahr 1834 gebaut.', 'Das war im Jahr 1834.'],
  ['Wie warm ist der See?', 'Etwa 20 °C', 'Der See ist etwa 20 °C warm.'],
  ['Qui a peint le plafond ?', "C'est Marco Velli qui l'a peint.", 'Marco Velli'],
  ['Où se trouve le musée ?', 'Il se trouve dans la ville de Lyon.', 'À Lyon.'],
  ['¿Quién pintó el techo?', 'Fue Marco Velli el que lo pintó.', 'Marco Velli'],
  ['¿Dónde está el museo?', 'Está en la ciudad de Sevilla.', 'En Sevilla'],
  ['Кто написал картину?', 'Картину написал Марко Велли в 1502 году.', 'Марко Велли'],
  ['谁画了这幅画？', '这幅画是马可·韦利画的。', '马可·韦利'],
  ['博物馆在哪里？', '博物馆在上海。', '上海'],
  ['この絵を描いたのは誰ですか。', 'この絵を描いたのはマルコ・ヴェリです。', 'マルコ・ヴェリ'],
  ['博物館はどこにありますか。', '博物館は東京にあります。', '東京です。'],
  ['ใครวาดภาพนี้', 'มาร์โกวาดภาพนี้', 'มาร์โก'],
  ['พิพิธภัณฑ์อยู่ที่ไหน', 'พิพิธภัณฑ์อยู่ที่กรุงเทพ', 'กรุงเทพ'],
  ['أين يقع المتحف؟', 'يقع المتحف في القاهرة.', 'في القاهرة'],
  ['संग्रहालय कहाँ है?', 'संग्रहालय दिल्ली में है।', 'दिल्ली में'],
  ['박물관은 어디에 있습니까?', '박물관은 서울에 있습니다.', '서울에 있습니다.'],
  ['Dove si trova il museo?', 'Il museo si trova nella città di Torino.', 'A Torino.'],
  ['Onde fica o museu?', 'O museu fica na cidade de Lisboa.', 'Em Lisboa.'],
  ['Waar is het museum?', 'Het museum is in de stad Utrecht.', 'In Utrecht.'],
  ['Var ligger museet?', 'Museet ligger i staden Lund.', 'I Lund.'],
  ['Gdzie jest muzeum?', 'Muzeum jest w mieście Kraków.', 'W Krakowie.'],
  ['Müze nerede?', 'Müze İzmir şehrinde.', 'İzmir'],
  [
    'Was soll ich tun?',
    'Sie sollten sich ausruhen und viel Wasser trinken.',
    'Viel Wasser trinken und sich ausruhen.',
  ],
];

const different: readonly Pair[] = [
  [
    'Wer hat die Decke der Kapelle gemalt?',
    'Es war der Maler Marco Velli aus Siena.',
    'Das war wohl Piero Danti aus Pisa.',
  ],
  ['Wann wurde die Brücke gebaut?', 'Sie wurde im Jahr 1834 gebaut.', 'Sie wurde im Jahr 1836 gebaut.'],
  ['Wie soll man es nehmen?', 'Man soll es mit dem Essen nehmen.', 'Man soll es nicht mit dem Essen nehmen.'],
  ['Was ist das?', 'ein altes Haus', 'ein altes Schiff'],
  ['Was kann man dort tun?', 'Man kann dort schwimmen.', 'Man kann dort nicht fischen.'],
  [
    'Qui a peint le plafond ?',
    "C'est le peintre Marco Velli qui l'a fait.",
    "C'est le peintre Piero Danti qui l'a fait.",
  ],
  ['Où se trouve le musée ?', 'Il est dans la ville de Lyon.', 'Il est dans la ville de Paris.'],
  ["Qu'est-ce que c'est ?", 'une vieille maison', 'une vieille église'],
  ['¿Quién pintó el techo?', 'Fue el pintor Marco Velli.', 'Fue el pintor Piero Danti.'],
  ['Кто написал картину?', 'Это был Марко Велли.', 'Это был Пьеро Данти.'],
  ['Где находится музей?', 'Музей находится в городе Орлин.', 'Музей находится в городе Тарн.'],
  ['谁画了这幅画？', '这幅画是马可·韦利画的。', '这幅画是皮耶罗·丹蒂画的。'],
  ['博物馆在哪里？', '博物馆在上海。', '博物馆在北京。'],
  ['この絵を描いたのは誰ですか。', 'マルコ・ヴェリが描きました。', 'ピエロ・ダンティが描きました。'],
  ['博物館はどこにありますか。', '博物館は東京にあります。', '博物館は大阪にあります。'],
  ['พิพิธภัณฑ์อยู่ที่ไหน', 'พิพิธภัณฑ์อยู่ที่กรุงเทพ', 'พิพิธภัณฑ์อยู่ที่เชียงใหม่'],
  ['أين يقع المتحف؟', 'يقع المتحف في القاهرة.', 'يقع المتحف في بغداد.'],
  ['संग्रहालय कहाँ है?', 'संग्रहालय दिल्ली में है।', 'संग्रहालय मुंबई में है।'],
  ['박물관은 어디에 있습니까?', '박물관은 서울에 있습니다.', '박물관은 부산에 있습니다.'],
  [
    'Chi ha dipinto il soffitto?',
    'È stato il pittore Marco Velli di Siena.',
    'È stato il pittore Piero Danti di Pisa.',
  ],
  ['Waar is het museum?', 'Het is in de stad Utrecht.', 'Het is in de stad Leiden.'],
  ['Vad är det?', 'det är en gammal båt', 'det är en gammal bil'],
  ['Was soll man tun?', 'Man sollte viel Wasser trinken.', 'Man sollte viel Milch trinken.'],
];

const countOf = ([question, first, second]: Pair): number =>
  grouped(byContent(), question, [first, second]).length;

describe('byContent, in other languages', () => {
  it.each(same)('%s: joins %j and %j', (...pair) => {
    expect(countOf(pair)).toBe(1);
  });

  it.each(different)('%s: parts %j and %j', (...pair) => {
    expect(countOf(pair)).toBe(2);
  });

  it('takes a few foreign words for English', () => {
    expect(countOf(['which war', 'World War I', 'World War II'])).toBe(2);
    expect(countOf(['best film of Bruce Willis', 'Die Hard', 'Der Tod'])).toBe(2);
  });

  it('reads the language that it is told', () => {
    const answers = ['die rote Tasse', 'die Tasse'];
    expect(grouped(byContent({ language: 'de' }), '', answers)).toHaveLength(1);
    expect(
      grouped(byContent({ language: 'en' }), '', ['die', 'die Tasse, der Teller, die Gabel']),
    ).toHaveLength(1);
    expect(
      grouped(byContent({ language: 'de' }), '', ['die', 'die Tasse, der Teller, die Gabel']),
    ).toHaveLength(2);
  });

  it('refuses a language that it does not know', () => {
    expect(() => byContent({ language: 'xx' as 'de' })).toThrow(ConfigError);
    expect(() => byContent({ languages: 'de' } as object)).toThrow('language');
  });
});
