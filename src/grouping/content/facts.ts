import { isCurrencySign, type Unit, unitOf } from './units.ts';
import { monthOfDay } from './with-plain-ordinals.ts';
import { isNextTo, type Word } from './word.ts';

/** A value that a text gives for something. */
export interface Fact {
  /** What the value is of: a year, the day of a month, a length, a number of episodes. */
  readonly slot: string;
  /** A number or a weekday. */
  readonly value: string;
  readonly unit?: Unit;
}

/** Facts by their slots. */
export type Facts = ReadonlyMap<string, readonly Fact[]>;

/** The slot of numbers that stand by themselves. Such a number may be of anything. */
export const ANY_NUMBER = 'number';

/** Returns the facts of a text. */
export const factsIn = (words: readonly Word[]): Facts => Map.groupBy(allFacts(words), ({ slot }) => slot);

/** What a question states and asks. */
interface Stated {
  readonly asked: ReadonlySet<string>;
  readonly asksWho: boolean;
  readonly facts: Facts;
}

/** Returns the facts of an answer that its question does not state, with the costs of programs that it names. For a question about a person, only the numbers of names. */
export const factsOf = (
  words: readonly Word[],
  question: Stated,
  orders: readonly string[] = none,
): Facts => {
  const isStated = ({ slot, value }: Fact): boolean =>
    (slot.startsWith(ANY_NUMBER) && question.asked.has(value)) ||
    question.facts.get(slot)?.some((fact) => fact.value === value) === true;
  const facts = allFacts(words).filter(
    (fact) => !isStated(fact) && (!question.asksWho || fact.slot.startsWith(LABELLED)),
  );
  return Map.groupBy([...facts, ...orders.map((value) => ({ slot: 'order', value }))], ({ slot }) => slot);
};

const none: readonly never[] = [];

const allFacts = (words: readonly Word[]): readonly Fact[] => {
  const facts: Fact[] = [];
  words.forEach(({ kind }, at) => {
    if (kind !== 'word') facts.push(...factsAt(words, at));
  });
  return facts;
};

/** The slot of the number of a name, as in Louis XIV. */
const LABELLED = 'number after ';

const factsAt = (words: readonly Word[], at: number): readonly Fact[] => {
  const { form, kind } = words[at] as Word;
  if (kind === 'weekday' || kind === 'clock') return [{ slot: kind, value: form }];
  if (kind !== 'number' && kind !== 'ordinal') return none;
  const month = Number.parseInt(form, 10) <= 31 ? monthOfDay(words, at) : undefined;
  if (month !== undefined)
    return [
      { slot: `day of ${month}`, value: form },
      { slot: 'month', value: month },
    ];
  return kind === 'number' ? [...rangeFacts(words, at), ...numberFacts(words, at)] : ordinalFacts(words, at);
};

const ordinalFacts = (words: readonly Word[], at: number): readonly Fact[] => {
  const { form } = words[at] as Word;
  const noun = nounAfter(words, at);
  return noun === undefined ? none : [{ slot: `ordinal of ${noun}`, value: form }];
};

/** A score or a range: 3-2. */
const rangeFacts = (words: readonly Word[], at: number): readonly Fact[] => {
  const next = words[at + 1];
  const end = next?.form === 'to' ? words[at + 2] : next;
  const isRange = end?.kind === 'number' && (end === next ? /^[-:/]$/.test(end.gap) : end.gap === ' ');
  return isRange ? [{ slot: 'range', value: `${words[at]?.form}-${end.form}` }] : none;
};

const numberFacts = (words: readonly Word[], at: number): readonly Fact[] => {
  const number = words[at] as Word;
  const { form, raw } = number;
  const end = endOfRange(words, at);
  const unit = unitAround(words, end);
  if (unit !== undefined) {
    return [
      { slot: unit.dimension, value: form, unit },
      { slot: `unit of ${form}`, value: unit.name },
    ];
  }
  const era = words[end + 1]?.form ?? '';
  if (eras.has(era)) return [{ slot: 'year', value: era.startsWith('b') ? `-${form}` : form }];
  if (/^(?:1\d|20)\d\d$/.test(raw))
    return isDateOfKnowledge(words, at) ? none : [{ slot: 'year', value: form }, ...monthFacts(words, at)];
  if (form.endsWith('s')) return [{ slot: 'decade', value: form }];
  // Behind a letter, it is a footnote mark or a part of a name: `Afghanistan1`, `B12`.
  if (at > 0 && number.gap === '') return none;
  const noun = nounAfter(words, end);
  if (noun !== undefined) return [{ slot: `number of ${noun}`, value: form }];
  const label = words[at - 1];
  const isLabelled = label?.kind === 'word' && isNextTo(number) && !label.isStopWord;
  return [{ slot: isLabelled ? `${LABELLED}${label.form}` : ANY_NUMBER, value: form }];
};

/** The month before a year, as in "May 1930" and "May of 1930". With a day, it is a fact of the day. */
const monthFacts = (words: readonly Word[], at: number): readonly Fact[] => {
  const month = words[words[at - 1]?.form === 'of' ? at - 2 : at - 1];
  return month?.kind === 'month' ? [{ slot: 'month', value: month.form }] : none;
};

const eras = new Set(['bc', 'bce', 'ad', 'ce']);

/** "As of September 2021" dates what the model knows. */
const isDateOfKnowledge = (words: readonly Word[], at: number): boolean => {
  const of = words[at - 1]?.kind === 'month' ? at - 2 : at - 1;
  return words[of]?.form === 'of' && words[of - 1]?.form === 'as';
};

/** Returns the position of the last number of "3 to 7 episodes" and "16 or 17 years". Its noun is that of all. */
const endOfRange = (words: readonly Word[], at: number): number => {
  const next = words[at + 1];
  if (next?.kind === 'number' && /^ ?-+ ?$/.test(next.gap)) return at + 1;
  const isJoined = next !== undefined && joins.has(next.form) && isNextTo(next);
  return isJoined && words[at + 2]?.kind === 'number' ? at + 2 : at;
};

const joins = new Set(['to', 'and', 'or']);

const unitAround = (words: readonly Word[], at: number): Unit | undefined => {
  const [before, number, after] = [words[at - 1], words[at], words[at + 1]];
  if (before !== undefined && number !== undefined && isCurrencySign(before.raw) && isNextTo(number))
    return unitOf(before);
  return after !== undefined && isNextTo(after) ? unitOf(after) : undefined;
};

const nounAfter = (words: readonly Word[], at: number): string | undefined => {
  const next = words[at + 1];
  return next?.kind === 'word' && isNextTo(next) && !next.isStopWord ? next.form : undefined;
};
