import { isObject } from '../../domain/is-object.ts';
import { between, type Check, nonEmpty, shown } from '../../options.ts';
import { likelihoodFaults, naiveBayesChecks } from '../../strategies/voting/naive-bayes-checks.ts';

/** Reads an own property of an untrusted value. */
const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

const isNumbers = (value: unknown, size: number, check: Check): boolean =>
  Array.isArray(value) && value.length === size && value.every((number) => check(number) === undefined);

/** One sentence for each fault. */
type Faults = readonly string[];

const at = (path: string, expected: string, value: unknown): Faults => [
  `fromPanel: ${path} must be ${expected}, but got ${shown(value)}`,
];

const checked = (path: string, value: unknown, check: Check): Faults => {
  const expected = check(value);
  return expected === undefined ? [] : at(path, expected, value);
};

const voterFaults = (voter: unknown, size: number): Faults => {
  const rule = own(voter, 'rule');
  switch (rule) {
    case 'majority':
    case 'bestConfidence':
      return [];
    case 'confidenceWeighted':
      return checked('voter.temperature', own(voter, 'temperature'), between(0.05, 1000));
    case 'weights': {
      const weights = own(voter, 'weights');
      return isNumbers(weights, size, between(0, 1000))
        ? []
        : at('voter.weights', `${size} numbers from 0 to 1000, one for each member`, weights);
    }
    case 'logOdds': {
      const accuracies = own(voter, 'accuracies');
      return [
        ...(isNumbers(accuracies, size, between(0, 1))
          ? []
          : at('voter.accuracies', `${size} numbers from 0 to 1, one for each member`, accuracies)),
        ...checked('voter.choices', own(voter, 'choices'), between(2, Number.MAX_SAFE_INTEGER)),
      ];
    }
    case 'naiveBayes':
      return naiveBayesFaults(voter, size);
    default:
      return at(
        'voter.rule',
        "'majority', 'bestConfidence', 'confidenceWeighted', 'weights', 'logOdds' or 'naiveBayes'",
        rule,
      );
  }
};

const naiveBayesFaults = (voter: unknown, size: number): Faults => {
  const [classes, withOther = false, prior, rows] = ['classes', 'withOther', 'prior', 'likelihoods'].map(
    (name) => own(voter, name),
  );
  const faults = [
    ...checked('voter.classes', classes, naiveBayesChecks.classes),
    ...checked('voter.withOther', withOther, naiveBayesChecks.withOther),
    ...checked('voter.prior', prior, naiveBayesChecks.prior),
    ...(Array.isArray(rows) && rows.length === size
      ? []
      : at('voter.likelihoods', `${size} matrices, one for each member`, rows)),
  ];
  if (faults.length > 0) return faults;
  return likelihoodFaults({
    classes: classes as string[],
    withOther: withOther as boolean,
    prior: prior as number[],
    likelihoods: Object.fromEntries(
      (rows as number[][][]).map((matrix, index) => [`member ${index}`, matrix]),
    ),
  }).map((fault) => fault.replace('naiveBayes: option "', 'fromPanel: voter "'));
};

const executionFaults = (execution: unknown, size: number): Faults => {
  const schedule = own(execution, 'schedule');
  const stop = own(execution, 'stop');
  const kind = `${String(schedule)}/${String(stop)}`;
  if (['parallel/never', 'parallel/decided', 'sequential/decided'].includes(kind)) return [];
  if (kind === 'sequential/confident') {
    return checked('execution.threshold', own(execution, 'threshold'), between(0, 1));
  }
  if (kind === 'sequential/agreement') {
    const votes = own(execution, 'votes');
    return Number.isSafeInteger(votes) && (votes as number) >= 1 && (votes as number) <= size
      ? []
      : at('execution.votes', `an integer from 1 to the ${size} members`, votes);
  }
  return at(
    'execution',
    "{ schedule: 'parallel', stop: 'never' | 'decided' } or " +
      "{ schedule: 'sequential', stop: 'decided' | 'confident' | 'agreement' }",
    `${kind}`,
  );
};

/** Returns the faults of an untrusted panel: of all that running it depends on. */
export const panelFaults = (panel: unknown): Faults => {
  if (!isObject(panel) || Array.isArray(panel)) {
    return at('the panel', 'an object', panel);
  }
  if (own(panel, 'format') !== 'crucible-ensemble/panel') {
    return at('format', "'crucible-ensemble/panel'", own(panel, 'format'));
  }
  if (own(panel, 'version') !== 1) return at('version', '1', own(panel, 'version'));
  const members = own(panel, 'members');
  const isPanel =
    Array.isArray(members) &&
    members.length > 0 &&
    members.every((id) => nonEmpty(id) === undefined) &&
    new Set(members).size === members.length;
  const size = isPanel ? members.length : 0;
  const acceptFrom = own(panel, 'acceptFrom');
  return [
    ...(isPanel ? [] : at('members', 'an array of different ids', members)),
    ...(isPanel ? voterFaults(own(panel, 'voter'), size) : []),
    ...(isPanel ? executionFaults(own(panel, 'execution'), size) : []),
    ...(acceptFrom === undefined ? [] : checked('acceptFrom', acceptFrom, between(0, 1))),
  ];
};
