import type { Content } from './content.ts';
import { ANY_NUMBER, type Fact, type Facts } from './facts.ts';
import { nameOthers } from './names.ts';
import { isNear } from './near.ts';
import { areSwapped } from './relations.ts';

/**
 * Whether two answers exclude each other by their facts: they choose different things that the question offers, both give values for the same and none agrees, or one says the
 * opposite of a word of the other, or one denies most of what both speak of, or they have
 * different names in the same place, They may also
 * say the same of two things the other way round, or join the same words by other signs.
 */
export const contradicts = (one: Content, other: Content): boolean =>
  chooseOthers(one, other) ||
  [...one.facts.keys()].some((slot) => disagree(slot, one.facts, other.facts)) ||
  isOpposed(one, other) ||
  isOpposed(other, one) ||
  isDenied(one, other) ||
  nameOthers(one, other) ||
  areSwapped(one.relations, other.relations) ||
  haveOtherSigns(one, other);

const chooseOthers = ({ choice }: Content, other: Content): boolean =>
  choice !== undefined && other.choice !== undefined && choice !== other.choice;

const disagree = (slot: string, one: Facts, other: Facts): boolean => {
  const [some, others] = [one.get(slot), other.get(slot)];
  return (
    some !== undefined &&
    others !== undefined &&
    !some.some((fact) => others.some((second) => agree(fact, second))) &&
    !haveCommonValue(some, other.get(ANY_NUMBER)) &&
    !haveCommonValue(others, one.get(ANY_NUMBER))
  );
};

const haveCommonValue = (some: readonly Fact[], others: readonly Fact[] | undefined): boolean =>
  others?.some(({ value }) => some.some((fact) => fact.value === value)) ?? false;

const agree = (one: Fact, other: Fact): boolean => {
  if (one.unit === other.unit || one.unit === undefined || other.unit === undefined)
    return one.value === other.value;
  const [size, otherSize] = [Number(one.value) * one.unit.size, Number(other.value) * other.unit.size];
  return Math.abs(size - otherSize) <= ROUNDING * Math.abs(size);
};

/** Conversions are rounded: 5 miles are 8 km. */
const ROUNDING = 0.02;

/** Whether the same words are joined by other signs: `x > 5` and `x < 5`. */
const haveOtherSigns = (one: Content, other: Content): boolean =>
  one.signs !== other.signs &&
  one.gist.size === other.gist.size &&
  [...one.gist.keys()].every((form) => other.gist.has(form));

const has = ({ gist, poles }: Content, word: string): boolean => gist.has(word) || poles.has(word);

const isOpposed = (one: Content, other: Content): boolean =>
  [...one.poles].some(
    ([word, opposites]) =>
      !has(other, word) && opposites.some((opposite) => has(other, opposite) && !has(one, opposite)),
  );

const isDenied = (one: Content, other: Content): boolean => {
  if (one.denied.size === 0 && other.denied.size === 0) return false;
  const others = [...other.gist.keys()];
  const common = [...one.gist.keys()].flatMap((word) => {
    const same = other.gist.has(word) ? word : others.find((second) => isNear(word, second));
    return same === undefined ? [] : [{ word, same }];
  });
  const denied = common.filter(({ word, same }) => one.denied.has(word) !== other.denied.has(same));
  return denied.length > common.length / 2;
};
