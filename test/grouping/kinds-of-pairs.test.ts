import { describe, expect, it } from 'vitest';
import { byContent } from '../../src/grouping/by-content.ts';
import { grouped } from './grouped.ts';

type Pair = readonly [question: string, first: string, second: string];

/** Pairs of answers that say the same, and pairs that do not, by what makes the difference. */
const kinds: Readonly<
  Record<string, { readonly same: readonly Pair[]; readonly different: readonly Pair[] }>
> = {
  units: {
    same: [
      ['how heavy is the gate', '12 kg', '12 kilograms'],
      ['how far is it', '5 km', 'It is 5 kilometres away.'],
      ['how long is the rope', '30 cm long', 'It is 30 centimetres.'],
      ['what does it cost', '$5', '5 dollars'],
      ['what does it cost', '5 million dollars', '$5,000,000'],
      ['what is the rate', '5%', '5 percent'],
      ['what is the rate', '5 per cent', '5 %'],
      ['how much does the ticket cost', 'The ticket costs £20.', '20 pounds'],
      ['how warm is the lake', '20°C', '20 degrees Celsius'],
      ['how warm is it', 'minus 5 degrees', '-5 degrees'],
      ['how long does it take', 'It takes about two hours.', '2 h'],
      ['how long does it take', '10 minutes', '10 min'],
      ['how much memory does it have', '16 GB', '16 gigabytes of memory'],
    ],
    different: [
      ['how heavy is the gate', '12 kg', '12 pounds'],
      ['how heavy is the gate', 'It weighs 12 kg.', '12 tonnes'],
      ['how far is it', '5 km', '5 miles'],
      ['how long is the rope', '30 cm', '30 mm'],
      ['what does it cost', '$5', '€5'],
      ['what does it cost', '$5 million', '$5 billion'],
      ['what is the rate', '5%', '5 dollars'],
      ['how much does the ticket cost', '£20', '$20'],
      ['how warm is the lake', '20 °C', '20 °F'],
      ['how warm is it', '-5 degrees', '5 degrees'],
      ['how warm is it', 'It was -12 °C.', 'It was 12 °C.'],
      ['what is the charge', '+2', '-2'],
      ['what is the charge of the ion', 'It has a charge of -2.', 'It has a charge of +2.'],
      ['how long does it take', '2 hours', '2 days'],
      ['how fast is it', '100 mph', '100 km/h'],
      ['how much memory does it have', '16 GB', '16 MB'],
      ['what is the dose', '50 mg', '50 µg'],
      ['what is the dose', '50 mg once a day', '50 micrograms once a day'],
      ['what is the dose', '50 mg twice a day', '50 mg once a day'],
    ],
  },
  negation: {
    same: [
      ['can I park here', 'Yes, you can.', 'Yes'],
      ['can I park here', 'No, parking is forbidden.', 'No.'],
      ['can I park here', "You can't park here.", 'No'],
      ['can I park here', 'You may park here.', 'Yes'],
      ['who won', 'Carl Voss, not Edna Moor.', 'Carl Voss'],
      ['who founded it', 'Carl Voss founded it without help.', 'Carl Voss'],
      ['when did it open', 'It was not opened until 1950.', '1950'],
      ['who wrote the song I cannot wait', 'Lena Ray', '"I Cannot Wait" was written by Lena Ray.'],
    ],
    different: [
      ['can I park here', 'You can park here.', 'You cannot park here.'],
      ['can I park here', 'Yes', 'No'],
      ['what about the fee', 'The fee is refundable.', 'The fee is not refundable.'],
      ['what about the fee', "The fee isn't refundable.", 'The fee is refundable.'],
      ['what does the rule say', 'Dogs are allowed on the beach.', 'Dogs are never allowed on the beach.'],
      ['what does the rule say', 'Dogs are allowed on the beach.', 'No dogs are allowed on the beach.'],
      ['how should it be stored', 'Keep it in the fridge.', 'Do not keep it in the fridge.'],
      ['who won', 'It was not Carl Voss.', 'Carl Voss'],
      ['who won', 'Carl Voss, not Edna Moor.', 'Edna Moor'],
    ],
  },
  opposites: {
    same: [],
    different: [
      ['what happens to the price', 'It increases.', 'It decreases.'],
      ['what happens to the price', 'The price will rise.', 'The price will fall.'],
      ['what happens to the pressure', 'pressure goes up', 'pressure goes down'],
      ['should I take it before or after meals', 'Before meals.', 'After meals.'],
      ['when should I take it', 'Take it before meals.', 'Take it after meals.'],
      ['where does the river flow', 'north', 'south'],
      ['where is it', 'in the northern part of Orlin', 'in the southern part of Orlin'],
      ['is the number even or odd', 'even', 'odd'],
      ['what is the largest or smallest', 'The largest one.', 'The smallest one.'],
      ['what kind of reaction is it', 'endothermic', 'exothermic'],
      ['what kind of reaction is it', 'It is an endothermic reaction.', 'It is an exothermic reaction.'],
      ['what did she have', 'hypertension', 'hypotension'],
      ['is it legal', 'It is legal.', 'It is illegal.'],
      ['what is the status', 'It is legal in Orlin.', 'It is illegal in Orlin.'],
      ['what did the court say', 'constitutional', 'unconstitutional'],
      ['was the test positive', 'The test was positive.', 'The test was negative.'],
      [
        'what was the result',
        'The result was positive for Tarn fever.',
        'The result was negative for Tarn fever.',
      ],
      ['which hand', 'left hand', 'right hand'],
      ['which side', 'The left side of the road.', 'On the right side of the road.'],
      ['what is it', 'a minimum of 12 points', 'a maximum of 12 points'],
    ],
  },
  'days and times': {
    same: [
      ['when is the market', 'The market is held every Monday.', 'Monday'],
      ['when was it', '3 May 1990', 'May 3rd, 1990'],
      ['when was it', 'the third of May', 'May 3'],
      ['when was it', 'May 1990', '3 May 1990'],
      ['when was it', '1990', 'It was on May 3, 1990.'],
      ['when does it open', 'It opens at 9 a.m.', '9 am'],
      ['when does the shop open', '8', 'It opens at 8.'],
    ],
    different: [
      ['when is the market', 'on Monday', 'on Tuesday'],
      ['when is the market', 'Every Monday at Orlin square.', 'Every Thursday at Orlin square.'],
      ['when was it', 'May 3, 1990', 'May 4, 1990'],
      ['when was it', '3 May 1990', '3 June 1990'],
      ['when was it', '3 May 1990', '3 May 1991'],
      ['when did it start', 'in the 1980s', 'in the 1990s'],
      ['when does it open', 'at 9:30', 'at 9:45'],
      ['when does it open', '9 am', '9 pm'],
      ['when does the shop open', 'At 8 in the morning', 'At 9 in the morning'],
    ],
  },
  compounds: {
    same: [
      ['what is it', 'a news paper', 'a newspaper'],
      ['what is it', 'an ice-cream', 'ice cream'],
      ['what is it', 'icecream', 'ice cream'],
      ['what is it', 'a data base', 'the database'],
      ['what is it', 'a check-list', 'checklist'],
      ['what is it', 'an e-mail', 'an email'],
      ['what is it', 'a sub-marine', 'a submarine'],
      ['what did they sell', 'hand-made baskets', 'handmade baskets'],
    ],
    different: [],
  },
  abbreviations: {
    same: [
      ['who runs it', 'NASA', 'the National Aeronautics and Space Administration'],
      ['who runs it', 'the UN', 'The United Nations'],
      ['who runs it', 'WHO', 'World Health Organization'],
      ['who runs it', 'the World Health Organization runs it', 'The WHO'],
      ['who runs it', 'FBI', 'Federal Bureau of Investigation'],
      ['where was it', 'U.S.', 'United States'],
      ['where was it', 'USA', 'United States of America'],
      ['where was it', 'the UK', 'the United Kingdom'],
      ['who runs it', 'the EU', 'The European Union runs it.'],
      ['who runs it', 'IMF', 'International Monetary Fund'],
    ],
    different: [
      ['who runs it', 'ESA', 'European Science Agency of Orlin'],
      ['who runs it', 'IMF', 'World Bank'],
      ['what is it', 'DNA', 'deoxyribonucleic acid'],
    ],
  },
  'Roman numerals': {
    same: [
      ['which king', 'Louis XIV', 'Louis the Fourteenth'],
      ['which king', 'Louis XIV', 'Louis 14'],
      ['which pope', 'Pope John Paul II', 'John Paul the Second'],
      ['which king', 'Charles V', 'Charles the Fifth'],
      ['which war', 'World War II', 'the Second World War'],
      ['which war', 'World War I', 'the First World War'],
      ['which film', 'Rocky IV', 'Rocky 4'],
      ['which king', 'Henry VIII', 'King Henry the 8th of England'],
      ['which chapter', 'Chapter IX', 'chapter 9'],
    ],
    different: [
      ['which king', 'Louis XIV', 'Louis XV'],
      ['which pope', 'John Paul II', 'John Paul I'],
      ['which king', 'Charles V', 'Charles VI'],
      ['which war', 'World War I', 'World War II'],
      ['which film', 'Rocky IV', 'Rocky III'],
      ['which chapter', 'Chapter IX', 'chapter 11'],
    ],
  },
  choices: {
    same: [
      ['who is older, Anna or Ben', 'Anna', 'Anna is older than Ben.'],
      ['which is bigger, the sun or the moon', 'The sun', 'The sun is much bigger than the moon.'],
      ['is a tomato a fruit or a vegetable', 'A tomato is a fruit.', 'fruit'],
      ['did the show or the film come first', 'the film', 'The film came first.'],
      ['do they drive on the left or on the right in Tarn', 'left', 'They drive on the left in Tarn.'],
      ['does the pump run on gas or diesel', 'diesel', 'It runs on diesel.'],
      ['which team won, the Reds or the Blues', 'The Blues beat the Reds.', 'Blues'],
      ['what colour is the red door', 'red', 'The door is red.'],
    ],
    different: [
      ['who is older, Anna or Ben', 'Anna', 'Ben'],
      ['who is older, Anna or Ben', 'Ben is younger, so Anna.', 'Anna'],
      ['which is bigger, the sun or the moon', 'The sun is bigger.', 'The moon.'],
      ['is a tomato a fruit or a vegetable', 'It is a vegetable.', 'fruit'],
      ['do they drive on the left or on the right in Tarn', 'On the left.', 'They drive on the right.'],
      ['which team won, the Reds or the Blues', 'The Blues lost to the Reds.', 'Blues'],
      ['which came first, the bridge or the tunnel', 'The tunnel came after the bridge.', 'The tunnel'],
      ['was it Anna or Ben who won', 'It was Ben.', 'Anna won.'],
      ['what colour is the red door', 'red', 'blue'],
    ],
  },
  numbers: {
    same: [
      ['how many', '42', 'forty-two'],
      ['how many', 'one hundred and five', '105'],
      ['how many', '2,500', '2500'],
      ['how many', '2.5 million', '2,500,000'],
      ['how many people', 'about 3 thousand', '3,000 people'],
      ['how many episodes', 'There are 12 episodes.', '12'],
      ['what was the score', '3-2', '3–2'],
      ['what rank', 'first', '1st'],
      ['what rank', 'the 21st', 'twenty-first'],
      ['what is it', '0.5', '0,5'],
      ['how old is it', 'It is 90 years old.', '90'],
    ],
    different: [
      ['how many', 'three dozen', '36'],
      ['how many people', '3,000', '30,000'],
      ['how many episodes', 'There are 12 episodes in season 2.', 'There are 13 episodes in season 2.'],
      ['how many episodes', '12 episodes in 2 seasons', '13 episodes in 2 seasons'],
      ['what was the score', '3-2', '2-3'],
      ['what rank', 'second', 'third'],
      ['what is pi', '3.14', '3.15'],
      ['what is it', 'half', '0.5'],
      ['which version', 'version 2.0', 'version 3.0'],
      ['which version', 'Python 2', 'Python 3'],
      [
        'when was it built',
        'It was built in 1834 by monks from Tarn.',
        'It was built in 1836 by monks from Tarn.',
      ],
      ['how old is it', '90 years', '9 years'],
    ],
  },
  names: {
    same: [
      ['who wrote it', 'J.K. Rowling', 'J. K. Rowling'],
      ['who wrote it', 'JK Rowling', 'J.K. Rowling'],
      ['who wrote it', 'Shelley', 'Mary Shelley'],
      ['who wrote it', 'Dostoevsky', 'Dostoyevsky'],
      ['who wrote it', 'Beyoncé', 'Beyonce'],
      ['who wrote it', 'Søren Lindqvist', 'Soren Lindqvist'],
      ['who wrote it', 'Müller', 'Mueller'],
      ['who wrote it', "O'Brien", 'O’Brien'],
      ['who wrote it', "Velli's brother", 'Velli'],
      ['where', 'New Orlin', 'Orlin'],
      ['who painted it', 'It was painted byMarco Velliin1502.', 'Marco Velli'],
      ['who painted it', 'MarcoVelli', 'Marco Velli'],
      ['where was it found', 'foundin Tarnow by monks', 'Tarnow'],
    ],
    different: [
      ['who wrote it', 'Mary Shelley', 'Percy Shelley'],
      ['where', 'San Marino', 'San Diego'],
      ['where', 'North Orlin', 'South Orlin'],
      ['who', 'John Smith', 'John Brown'],
    ],
  },
  'general words': {
    same: [],
    different: [
      ['what is it', 'a civil war', 'a civil law'],
      ['what is it', 'a red fox', 'a red dog'],
      ['which law', 'the law of supply', 'the law of demand'],
      ['what is the name of the river', 'the river Orl', 'the river Tarn'],
    ],
  },
  refusals: {
    same: [['who', "I'm sorry, but I couldn't find it.", "I don't know."]],
    different: [['who', "I couldn't find who won.", 'Carl Voss']],
  },
};

const countOf = ([question, first, second]: Pair): number =>
  grouped(byContent(), question, [first, second]).length;

describe.each(Object.entries(kinds))('byContent, on %s', (_kind, { same, different }) => {
  it.each(same)('%s: joins %j and %j', (...pair) => {
    expect(countOf(pair)).toBe(1);
  });

  it.each(different)('%s: parts %j and %j', (...pair) => {
    expect(countOf(pair)).toBe(2);
  });
});
