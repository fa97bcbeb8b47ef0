import { isObject } from '../../domain/is-object.ts';
import { faultsOf, oneOf, properName, required, shown, suchThat, wholeNumber } from '../../options.ts';
import { usdAmount } from '../../policies/spending-cap.ts';

const aShare = suchThat(
  'a number above 0 up to 1',
  (value) => typeof value === 'number' && value > 0 && value <= 1,
);
const last = suchThat(
  'an integer from 1 to 10000',
  (value) => wholeNumber(1)(value) === undefined && Number(value) <= 10_000,
);

/** The fields of each kind of rule, by the field that names the kind. */
const kinds = {
  lowConsensus: { lowConsensus: required(aShare), last, ensemble: properName },
  failingMember: { failingMember: required(aShare), last, ensemble: properName },
  spendUsd: { spendUsd: required(usdAmount), per: oneOf(['day', 'month'], ''), key: properName },
} as const;

const MAX_RULES = 100;

/** The faults of the rules of alerts. */
export const alertFaults = (owner: string, rules: unknown): readonly string[] => {
  if (rules === undefined) return [];
  if (!Array.isArray(rules) || rules.length > MAX_RULES)
    return [`${owner}: alerts: expected a list of at most ${MAX_RULES} rules, but got ${shown(rules)}`];
  return rules.flatMap((rule: unknown, index) => {
    const place = `${owner}: alerts[${index}]`;
    const kind = isObject(rule)
      ? Object.keys(kinds).find((name): name is keyof typeof kinds => Object.hasOwn(rule, name))
      : undefined;
    if (kind === undefined)
      return [`${place}: expected a rule with "lowConsensus", "failingMember" or "spendUsd"`];
    return faultsOf(place, rule, kinds[kind]);
  });
};
