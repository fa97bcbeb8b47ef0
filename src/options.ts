import { answerKey } from './domain/answer-key.ts';
import { closest } from './domain/closest.ts';
import { ConfigError, CrucibleError } from './domain/errors.ts';
import { isA, isArray, kindOf, nameOf, readSafely, strayOf } from './domain/foreign.ts';
import { isIterable } from './domain/is-iterable.ts';
import { isObject } from './domain/is-object.ts';
import { likelyFix } from './domain/likely-fix.ts';
import { quoted } from './domain/quoted.ts';
import { isKey, quotedName } from './domain/quoting.ts';

/** Checks one option: returns what was expected, or `undefined` if the value is valid. */
export interface Check {
  (value: unknown): string | undefined;
  /** Returns the likeliest fix of an invalid value; `undefined` if it has none for this value. */
  readonly fix?: Fix;
}

/** Returns how an invalid value is probably mended, in the imperative, as the end of a message. */
export type Fix = (value: unknown) => string | undefined;

/** A check with the fixes of its likeliest slips. What `fix` has none for is left to the check itself. */
export const withFix = (check: Check, fix: Fix): Check =>
  Object.assign((value: unknown) => check(value), {
    fix: (value: unknown) => fix(value) ?? check.fix?.(value),
  });

/** An option that must be given. */
export interface Required {
  readonly required: Check;
}

/** One option in one place: its check, its check with the default value, or {@link required}. */
export type Spec = Check | readonly [check: Check, fallback: unknown] | Required;

/** A specification for each option of a type. */
export type Specs<Options> = { readonly [Name in keyof Options]-?: Spec };

/** The options with their defaults. An option without a default may be `undefined`. */
export type Completed<Options, Given extends Specs<Options>> = {
  readonly [Name in keyof Options]-?: Given[Name] extends Check
    ? Options[Name] | undefined
    : Exclude<Options[Name], undefined>;
};

/** Marks an option that must be given. */
export const required = (check: Check): Required => ({ required: check });

/** The longest delay that timers take, in milliseconds: 2³¹ − 1, about 24.8 days. */
export const MAX_DELAY_MS = 2_147_483_647;

/** Formats a value for an error message: a string as {@link quoted}, a number as it is, anything else by its kind. */
export const shown = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      return kindOf(value);
    default:
      return String(value);
  }
};

/** A number from `least` to `most`, both included. */
export const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : `a number from ${least} to ${most}`;

/** An integer of at least `least`. */
export const wholeNumber =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least ? undefined : `an integer of at least ${least}`;

/** An integer of at least `least`, or `Infinity`. */
export const bound =
  (least: number): Check =>
  (value) =>
    value === Number.POSITIVE_INFINITY
      ? undefined
      : wholeNumber(least)(value) && `${wholeNumber(least)(value)}, or Infinity`;

/** A delay that a timer accepts. */
export const delayMs: Check = (value) =>
  between(0, MAX_DELAY_MS)(value) && `a number of milliseconds from 0 to ${MAX_DELAY_MS}`;

/** A stretch of time: above 0. */
export const durationMs: Check = (value) =>
  value !== 0 && delayMs(value) === undefined
    ? undefined
    : `a number of milliseconds above 0 up to ${MAX_DELAY_MS}`;

/** A time limit: above 0, or `Infinity` for no limit. */
export const limitMs: Check = (value) =>
  value === Number.POSITIVE_INFINITY ? undefined : durationMs(value) && `${durationMs(value)}, or Infinity`;

/** One of a few names, or another value that `accepts` allows; `otherwise` describes that value. */
export const oneOf = (
  names: readonly string[],
  otherwise: string,
  accepts: (value: unknown) => boolean = () => false,
): Check =>
  withFix(
    (value) =>
      accepts(value) || (typeof value === 'string' && names.includes(value))
        ? undefined
        : [...names.map((name) => `'${name}'`), otherwise].filter(Boolean).join(', '),
    (value) => {
      const meant = typeof value === 'string' ? closest(value, names) : undefined;
      return meant === undefined ? undefined : `did you mean '${meant}'?`;
    },
  );

/** Whether a value has these methods. */
export const hasMethods = (value: unknown, ...names: readonly string[]): boolean =>
  names.every((name) => typeof readSafely(value, name) === 'function');

/** An Observable, also one of another copy of RxJS. */
export const anObservable: Check = (value) =>
  hasMethods(value, 'pipe', 'subscribe') ? undefined : 'an Observable';

/** An iterable or async iterable object, such as an array. */
export const anIterable: Check = (value) => (isIterable(value) ? undefined : 'an iterable, such as an array');

/** A value that satisfies a predicate; `expected` describes it, such as `a model`. */
export const suchThat = (expected: string, accepts: (value: unknown) => boolean, fix?: Fix): Check => {
  const check = (value: unknown): string | undefined => (accepts(value) ? undefined : expected);
  return fix === undefined ? check : withFix(check, fix);
};

const articles = {
  string: 'a string',
  function: 'a function',
  boolean: 'true or false',
  object: 'an object',
};

/** A value of one `typeof`; `null` is not an object. */
export const ofType = (type: keyof typeof articles): Check =>
  suchThat(articles[type], (value) => typeof value === type && value !== null);

/** A boolean. */
export const trueOrFalse: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

/** A string of at least one character. */
export const nonEmpty: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a string that is not empty';

/** A name of something. Messages and spans repeat names, so a key cannot be one. */
export const properName: Check = (value) =>
  nonEmpty(value) ?? (isKey(value as string) ? 'a name' : undefined);

/** A model. Messages repeat its names, so that none may be a key. */
export const aModel: Check = /* @__PURE__ */ withFix(modelExpected, modelFix);

/** An ensemble, by the methods that servers and frameworks use. */
export const anEnsemble: Check = /* @__PURE__ */ suchThat('an ensemble of createEnsemble', (value) =>
  hasMethods(value, 'predict$', 'stream'),
);

function modelFix(value: unknown): string | undefined {
  if (typeof value === 'string')
    return "make a model of it, such as openai('…'), or use createAutoEnsemble of crucible-ensemble/auto, which takes names";
  if (typeof value === 'function') return "wrap a function of your own: defineModel('id', yours)";
  if (isArray(value)) return 'give its models one by one: ...yours';
  if (hasMethods(value, 'predict', 'asModel')) return "use its asModel('id')";
  return undefined;
}

function modelExpected(value: unknown): string | undefined {
  const [id, call, provider, modelId, settings] = ['id', 'call', 'provider', 'modelId', 'settings'].map(
    (name) => readSafely(value, name),
  );
  if (nonEmpty(id) !== undefined || typeof call !== 'function') return 'a model, { id, call }';
  if (properName(id) !== undefined) return 'a model whose "id" is a name, not a key';
  const wrong = Object.entries({ provider, modelId }).find(
    ([, given]) => given !== undefined && typeof given !== 'string',
  );
  if (wrong !== undefined) return `a model whose "${wrong[0]}" is a string`;
  return settings === undefined || isPlainData(settings)
    ? undefined
    : 'a model whose "settings" are plain data';
}

const isPlainData = (value: unknown): boolean => {
  try {
    return isObject(value) && answerKey(value) !== '';
  } catch {
    return false;
  }
};

const checkOf = (spec: Spec): Check =>
  typeof spec === 'function' ? spec : 'required' in spec ? spec.required : spec[0];

const nameInQuotes = (name: string): string => {
  const text = quoted(name);
  return text.startsWith('"') ? text : `with this name, ${text}`;
};

const unknownOption = (owner: string, name: string, names: readonly string[]): string => {
  const meant = closest(name, names);
  if (meant !== undefined) return `${owner}: there is no option "${name}"; did you mean "${meant}"?`;
  return names.includes('models') && OPTIONS_OF_MODELS.has(name)
    ? `${owner}: there is no option "${name}"; give it to each model, such as openai('…', { ${name} })`
    : `${owner}: there is no option ${nameInQuotes(name)}; the options are ${names.join(', ')}`;
};

/** Options that are sent with the requests of a model. */
const OPTIONS_OF_MODELS: ReadonlySet<string> = new Set([
  'apiKey',
  'baseURL',
  'maxOutputTokens',
  'reasoningEffort',
  'temperature',
]);

/** Says that a value is not what is expected, and how it is probably mended; `undefined` if it is valid. */
export const valueFault = (subject: string, check: Check, value: unknown): string | undefined => {
  const expected = expectedBy(check, value);
  return (
    expected && `${subject} must be ${expected}, but got ${shown(value)}${fixOf(check, value, expected)}`
  );
};

/** Throws a `ConfigError` if a value is not what is expected, with its likeliest fix. */
export const refuseValue = (subject: string, check: Check, value: unknown): void => {
  const fault = valueFault(subject, check, value);
  refuse(fault === undefined ? [] : [fault]);
};

const fixOf = (check: Check, value: unknown, expected: string): string => {
  const fix = check.fix?.(value) ?? likelyFix(value, expected);
  return fix === undefined ? '' : `; ${fix}`;
};

/** How a value in the place of options is probably mended: as the option that accepts it. */
const optionsFix = (owner: string, value: unknown, specs: Readonly<Record<string, Spec>>): string => {
  const name = Object.keys(specs).find((each) => {
    const spec = specs[each] as Spec;
    // Too many options accept a text.
    const isLikely = typeof value !== 'string' || 'required' in spec;
    return isLikely && expectedBy(checkOf(spec), value) === undefined;
  });
  return name === undefined || !isGiven(value) ? '' : `; did you mean ${owner}({ ${name}: yours })?`;
};

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Returns one sentence for each fault of an options object. An option that is `undefined` counts as not given. */
export const faultsOf = (
  owner: string,
  options: unknown,
  specs: Readonly<Record<string, Spec>>,
): string[] => {
  // An array or a promise has no options, so that all of them would be the defaults.
  const isNoOptions = !isObject(options) || isIterable(options) || strayOf(options) === 'a promise';
  if (!Object.hasOwn(specs, 'models') && (isArray(options) ? options : [options]).some(isModel)) {
    const fix =
      optionsFix(owner, options, specs) || `; apply what ${owner}() returns, as in models.map(${owner}())`;
    return [`${owner}: expected an options object, but got ${isNoOptions ? 'models' : 'a model'}${fix}`];
  }
  if (isNoOptions)
    return [
      `${owner}: expected an options object, but got ${shown(options)}${optionsFix(owner, options, specs)}`,
    ];
  const names = Object.keys(specs);
  const given = valuesOf(options, names);
  if (given === undefined) return [`${owner}: the options cannot be read; give them as plain data`];
  const missing = names.filter(
    (name) => 'required' in (specs[name] as Spec) && given.get(name) === undefined,
  );
  return [
    ...missing.map((name) => missingFault(owner, name, specs[name] as Spec)),
    ...[...given].flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (!Object.hasOwn(specs, name)) return [unknownOption(owner, name, names)];
      return valueFault(`${owner}: option ${quotedName(name)}`, checkOf(specs[name] as Spec), value) ?? [];
    }),
  ];
};

const missingFault = (owner: string, name: string, spec: Spec): string => {
  const expected = expectedBy(checkOf(spec), undefined);
  return `${owner}: option "${name}" is missing${expected === undefined ? '' : `; it must be ${expected}`}`;
};

const isModel = (value: unknown): boolean => modelExpected(value) === undefined;

/**
 * Reads all options. Inherited ones count too, such as the getters of a class. Returns `undefined`
 * if one throws.
 */
const valuesOf = (options: object, names: readonly string[]): Map<string, unknown> | undefined => {
  try {
    return new Map(
      [...new Set([...Object.keys(options), ...names])].map((name) => [name, Reflect.get(options, name)]),
    );
  } catch {
    return undefined;
  }
};

/** What a check expects instead of a value, which may throw when it is read. */
const expectedBy = (check: Check, value: unknown): string | undefined => {
  try {
    return check(value);
  } catch {
    return 'a value that can be read';
  }
};

/** Returns one sentence for each fault among the values of a record, with any names. */
export const recordFaults = (owner: string, record: unknown, check: Check): string[] =>
  isObject(record) ? faultsOf(owner, record, sameForAll(record, check)) : [];

/** The same specification for each value of a record; none if it cannot be read. */
const sameForAll = (record: object, check: Check): Readonly<Record<string, Spec>> => {
  try {
    return Object.fromEntries(Object.keys(record).map((name) => [name, check]));
  } catch {
    return {};
  }
};

/** Returns the options with the defaults of `specs` in place of those that are `undefined`. Checks nothing. */
export const completed = <Options extends object, const Given extends Specs<Options>>(
  options: Options,
  specs: Given,
): Completed<Options, Given> =>
  Object.fromEntries(
    Object.entries<Spec>(specs).map(([name, spec]) => {
      const value: unknown = Reflect.get(options, name);
      return [name, value === undefined && Array.isArray(spec) ? spec[1] : value];
    }),
  ) as Completed<Options, Given>;

/**
 * Checks options and completes them, so that the check and the default of each option stand in one place.
 *
 * @param moreFaults faults found elsewhere, to be reported together with those of the options.
 * @throws {ConfigError} that lists every fault.
 */
export const checked = <Options extends object, const Given extends Specs<Options>>(
  owner: string,
  options: Options,
  specs: Given,
  moreFaults: readonly string[] = [],
): Completed<Options, Given> => {
  refuse([...faultsOf(owner, options, specs), ...moreFaults]);
  return completed(options, specs);
};

/** Merges layers of options; a later layer wins. An option that is `undefined` counts as not given. */
export const layered = <Options extends object>(...layers: readonly Options[]): Options =>
  Object.fromEntries(
    layers.flatMap((layer) => Object.entries(layer ?? {})).filter(([, value]) => value !== undefined),
  ) as Options;

/**
 * Runs the body of a public function. What it throws because an argument is not of its type, or throws when it is read, is
 * a fault of the configuration. An error of this library passes through. The other error is not kept as the cause, because
 * the messages of JavaScript quote values, which may be keys.
 *
 * @throws {ConfigError}
 */
export const reading = <Result>(owner: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    if (isA(error, CrucibleError)) throw error;
    throw new ConfigError([
      `${owner}: an argument has the wrong type or cannot be read (${nameOf(error)}); see the types of ${owner}`,
    ]);
  }
};

/**
 * Checks the only argument of a function, which has no name there.
 *
 * @throws {ConfigError} if it is not what is expected.
 */
const checkArgument = (owner: string, value: unknown, check: Check): void => {
  const expected = expectedBy(check, value);
  if (expected === undefined) return;
  const fix =
    check === aModel && isArray(value)
      ? `; apply it to each model: models.map(${owner}())`
      : fixOf(check, value, expected);
  refuse([`${owner}: expected ${expected}, but got ${shown(value)}${fix}`]);
};

/**
 * Makes a function of one argument that refuses any other than `check` accepts: a policy, an operator.
 *
 * @param owner the name of the factory, for messages.
 */
export const accepting =
  <Argument, Result>(
    owner: string,
    check: Check,
    work: (argument: Argument) => Result,
  ): ((argument: Argument) => Result) =>
  (argument) =>
    reading(owner, () => {
      checkArgument(owner, argument, check);
      return work(argument);
    });

/** @throws {ConfigError} that lists every fault, if there are any. */
export const refuse = (faults: readonly string[]): void => {
  if (faults.length > 0) throw new ConfigError(faults);
};
