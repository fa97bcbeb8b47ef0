import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';
import { errorParts } from '../error-parts.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the code in an error body, such as `model_not_found`: `error.code`, or else `error.type`. Some servers omit
 * the `error` object or have another name for it, and some wrap the body or the error in an array.
 */
export const errorCode = (body: unknown): string | undefined =>
  errorsIn(body).flatMap((error) => wordsOf(error, CODES))[0];

/** The names of codes, of other words, and of sentences in errors, the most telling first. */
const CODES = ['code', 'type', 'error_code', 'errorCode', '__type'] as const;
const STATUS_NAMES = ['status', 'statusCode', 'status_code'] as const;
const SENTENCES = ['error_msg', 'status_msg', 'msg', 'error', 'detail'] as const;

/** Returns the words under some names in an object, without those that are empty. */
const wordsOf = (error: Fields, names: readonly string[]): readonly string[] =>
  names
    .map((name) => error[name])
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .map(String)
    .filter((word) => word !== '');

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

/** Returns the errors in a body, at most three within each other; the body itself if it has none in it. */
const errorsIn = (body: unknown): readonly Fields[] => {
  const outer = asObject(firstOf(body));
  const first = innerOf(outer);
  if (first === undefined) return [outer];
  const second = innerOf(first);
  const third = second && innerOf(second);
  return [first, second, third].filter((error) => error !== undefined);
};

const innerOf = ({ error, errors, base_resp, detail }: Fields): Fields | undefined => {
  const codeOf = isFailedStatus(base_resp) && {
    ...asObject(base_resp),
    code: asObject(base_resp).status_code,
  };
  const inner = [firstOf(error), firstOf(errors), codeOf, firstOf(detail)].find(isObject);
  return inner && asObject(inner);
};

/** Whether the status that MiniMax sends with an answer is a failure. */
export const isFailedStatus = (status: unknown): boolean => saysError(asObject(status).status_code);

/** The words of servers that write an error into every reply. */
const NO_ERROR: ReadonlySet<string> = new Set([
  ...['', '0', '200', 'ok', 'success', 'succeeded', 'none', 'null', 'nil', 'undefined', 'false', 'no_error'],
]);

/** Whether the value of an `error` says that there is one: it is not empty, and not a word or a code for success. */
export const saysError = (error: unknown): boolean => {
  if (Array.isArray(error)) return error.some(saysLeaf) || error.some((part) => saysFields(part));
  return isObject(error) ? saysFields(error) : saysLeaf(error);
};

const saysFields = (error: unknown): boolean =>
  Object.entries(asObject(error)).some(
    ([name, value]) =>
      !/(?:^|_)id$/i.test(name) && (saysLeaf(value) || (isObject(value) && Object.keys(value).length > 0)),
  );

const saysLeaf = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  !isObject(value) &&
  !NO_ERROR.has(
    String(value)
      .trim()
      .toLowerCase()
      .replace(/[\s.!]+/g, '_')
      .replace(/_$/, ''),
  );

/** Whether a body without an answer is an error without an object around it, as some servers write. */
export const isBareError = (body: unknown): boolean => {
  const { object, type, status, success, detail, errors, error_code, errorCode, __type } = asObject(body);
  return (
    [object, type, status].includes('error') ||
    status === 'failed' ||
    success === false ||
    [detail, errors, error_code, errorCode, __type].some(saysError) ||
    statusIn(body) !== undefined
  );
};

/** The words of errors whose quota, balance or plan is used up; `1113` is that of Zhipu. */
const EXHAUSTED =
  /insufficient_(user_)?(quota|balance|fund|credit)|exceeded_current_quota|billing|arrear|payment_required|(credit|balance|fund)s?_(exhausted|depleted|too_low|insufficient)|^1113$/;

/** Whether a code means that the quota is used up, so that a retry cannot help. */
export const isExhausted = (code: string | undefined): boolean =>
  code !== undefined && EXHAUSTED.test(normalized(code));

/** Whether an error body says, by any of its words, that the quota is used up, or that of a day (Google). */
export const isUsedUp = (body: unknown): boolean =>
  errorParts(body).objects.some(
    (part) =>
      [part.code, part.type, part.status, part.reason, ...codeAlone(part.error)].some(
        (word) => (typeof word === 'string' || typeof word === 'number') && isExhausted(String(word)),
      ) || /PerDay/.test(String(part.quotaId)),
  );

/** Some servers write the code in place of the error. */
const codeAlone = (error: unknown): readonly unknown[] =>
  typeof error === 'string' && /^\w{1,64}$/.test(error) ? [error] : [];

/** A word in lower case, in the spelling of the patterns here. */
const normalized = (word: string): string =>
  word
    .slice(0, 200)
    .replace(/([a-z])(?=[A-Z][a-z])/g, '$1_')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');

/** What the words of errors have in common, and the HTTP status of such errors. The first match applies. */
const STATUSES = [
  [/insufficient_?(balance|fund|credit)|payment|arrear/, 402],
  [/rate_?limit|request_?limit|too_?many_?requests|throttl|quota|billing|resource_?exhausted/, 429],
  [/overloaded|capacity/, 529],
  [/authenticat|unauthori[sz]ed|(invalid|incorrect|missing|expired|wrong)_?(x_)?api_?key/, 401],
  [/permission|forbidden|access_?denied/, 403],
  [/not_?found/, 404],
  [/timeout|timed_?out/, 408],
  [/too_?large/, 413],
  [
    /content_?filter|policy|sensitive|inspection|context_?length|bad_?request|invalid|unsupported|unprocessable/,
    400,
  ],
] as const;

/**
 * Returns the HTTP status that an error within a reply has elsewhere. Its code or its type says so, as a number or by a
 * word such as `rate_limit_exceeded`; some servers write a sentence instead. `undefined` if nothing says so.
 */
export const statusIn = (body: unknown): number | undefined => {
  const outer = asObject(firstOf(body));
  const errors = errorsIn(body);
  const words = [
    ...errors.flatMap((error) => wordsOf(error, [...CODES, ...STATUS_NAMES])),
    ...errors.flatMap((error) => wordsOf(error, SENTENCES)),
    ...wordsOf(outer, STATUS_NAMES),
    ...(errors[0] === outer && wordsOf(outer, CODES).length === 0 ? wordsOf(outer, ['message']) : []),
  ];
  return words.map(statusOfWord).find((status) => status !== undefined);
};

/** Returns the same, and 500 if nothing says so. */
export const statusOf = (body: unknown): number => statusIn(body) ?? 500;

const statusOfWord = (word: string): number | undefined => {
  const number = Number(word);
  if (number >= 400 && number < 600) return number;
  const spelled = word.toLowerCase().replace(/[^a-z]+/g, '_');
  return STATUSES.find(([pattern]) => pattern.test(spelled))?.[1] ?? (isExhausted(word) ? 429 : undefined);
};
