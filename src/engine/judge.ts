import { answerKey } from '../domain/answer-key.ts';
import { unusableReason } from '../domain/call-result.ts';
import { type Check, type CheckContext, isMiss } from '../domain/check.ts';
import { ConfigError } from '../domain/errors.ts';
import { faultOf, follow, isA, kindOf, nameOf, readSafely, silence, strayOf } from '../domain/foreign.ts';
import { isPromise } from '../domain/is-promise.ts';
import type { ModelResponse } from '../domain/model.ts';
import { abstentionReason, type Normalizer } from '../domain/normalizer.ts';
import { takeReadingNotes } from '../domain/reading-notes.ts';
import type { ModelRequest } from '../domain/request.ts';
import { tooLong } from '../normalizers/reading/answer-length.ts';
import { fold } from '../normalizers/reading/fold.ts';
import { type CheckTools, contextWith } from './check-tools.ts';

/** What a response comes to: an answer, or the reason why the model abstains. */
export type Reading<Answer> = ReadAnswer<Answer> | Unread;

/** Why a response does not count, and the share of its check that it passed, if the check says so. */
interface Unread {
  readonly reason: string;
  readonly passed?: number;
}

interface ReadAnswer<Answer> {
  readonly answer: Answer;
  readonly key: string;
  /** What the normalizer notes of its reading, such as a repair. */
  readonly notes: readonly string[];
}

/**
 * The one rule by which a response counts: its finish reason, its emptiness, the normalizer and the check. `undefined` for a
 * value that is no response.
 */
export interface Judge<Answer> {
  /** @param tools what a check may use; not `undefined` if there is one. */
  (
    response: ModelResponse,
    request: ModelRequest,
    tools?: CheckTools,
  ): Reading<Answer> | Promise<Reading<Answer>> | undefined;
  /** Equal for judges that say the same of the same response. */
  readonly rule: string;
  /** Whether it has a check, which may be asynchronous. */
  readonly mayWait: boolean;
}

/** Options of {@link createJudge}. */
export interface JudgeOptions<Answer> {
  readonly normalize: Normalizer<Answer>;
  /** Whether a response that is unfinished or empty is read as well. */
  readonly acceptUnfinished: boolean;
  readonly check?: Check<Answer> | undefined;
}

/** Creates the judge of an ensemble. It never throws, and its promises are never rejected. */
export const createJudge = <Answer>({
  normalize,
  acceptUnfinished,
  check,
}: JudgeOptions<Answer>): Judge<Answer> => {
  const judge: (...given: Parameters<Judge<Answer>>) => ReturnType<Judge<Answer>> = (
    response,
    request,
    tools,
  ) => {
    const reading = readingOf(response, request, { normalize, acceptUnfinished }, answerKey);
    return check === undefined || reading === undefined || 'reason' in reading
      ? reading
      : checkedReading(reading, check, contextWith(request, response, tools as CheckTools));
  };
  return Object.assign(judge, {
    rule: `${acceptUnfinished} ${numberOf(normalize)} ${check === undefined ? '' : numberOf(check)}`,
    mayWait: check !== undefined,
  });
};

const numbers = new WeakMap<object, number>();
let last = 0;

/** Returns a number for a function, always the same. */
const numberOf = (of: object): number => {
  const known = numbers.get(of);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(of, last);
  return last;
};

const checkedReading = <Answer>(
  reading: ReadAnswer<Answer>,
  check: Check<Answer>,
  context: CheckContext,
): Reading<Answer> | Promise<Reading<Answer>> => {
  const settled = (verdict: unknown): Reading<Answer> => (verdict === true ? reading : refusalOf(verdict));
  const failed = (error: unknown): Reading<Answer> => ({ reason: `check ${faultOf(error)}` });
  try {
    const verdict = check(reading.answer, context);
    if (!isPromise(verdict)) return settled(verdict);
    return new Promise((resolve) => {
      follow(
        verdict,
        (value) => resolve(settled(value)),
        (error) => resolve(failed(error)),
      );
    });
  } catch (error) {
    return failed(error);
  }
};

const refusalOf = (verdict: unknown): Unread => {
  if (verdict === false) return { reason: 'check refused the answer' };
  if (typeof verdict === 'string' && verdict !== '') return { reason: verdict };
  if (isMiss(verdict)) {
    const { reason, passed } = verdict;
    if (
      typeof reason === 'string' &&
      reason !== '' &&
      typeof passed === 'number' &&
      passed >= 0 &&
      passed <= 1
    )
      return { reason, passed };
  }
  silence(verdict);
  return { reason: `check must return true, false or a reason, but returned ${kindOf(verdict)}` };
};

/** What a response comes to if no check decides. `undefined` for a value that is no response. Never throws. */
export const readingOf = <Answer>(
  response: ModelResponse,
  request: ModelRequest,
  { normalize, acceptUnfinished }: Pick<JudgeOptions<Answer>, 'normalize' | 'acceptUnfinished'>,
  keyOf: (answer: unknown) => string,
): Reading<Answer> | undefined => {
  try {
    if (typeof response?.text !== 'string') return undefined;
    const reason = acceptUnfinished ? undefined : unusableReason(response);
    return reason === undefined ? readText(response, request, normalize, keyOf) : { reason };
  } catch {
    return undefined;
  }
};

const readText = <Answer>(
  response: ModelResponse,
  query: ModelRequest,
  normalize: Normalizer<Answer>,
  keyOf: (answer: unknown) => string,
): Reading<Answer> => {
  const { text } = response;
  let answer: ReturnType<Normalizer<Answer>>;
  // Forgets what was noted when a normalizer was called elsewhere.
  takeReadingNotes();
  try {
    answer = tooLong(text) ?? normalize(fold(text), { query, response });
    if (typeof answer === 'string') return { answer, key: answer, notes: takeReadingNotes() };
    const reason = abstentionReason(answer);
    if (reason !== undefined) return { reason };
    if (answer === undefined || answer === null) return { reason: `${hookOf(normalize)} found no answer` };
    const stray = strayOf(answer);
    if (stray !== undefined)
      return { reason: `${hookOf(normalize)} returned ${stray}: a normalizer must return its answer` };
  } catch (error) {
    const fix = isA(error, ConfigError) ? ': it creates a normalizer: call it, and pass the result' : '';
    return { reason: `${hookOf(normalize)} ${faultOf(error)}${fix}` };
  }
  try {
    return { answer: answer as Answer, key: keyOf(answer), notes: takeReadingNotes() };
  } catch (error) {
    const why = isA(error, TypeError) ? String(readSafely(error, 'message')) : `it threw ${nameOf(error)}`;
    return { reason: `${hookOf(normalize)} returned a value that cannot be compared: ${why}` };
  }
};

/** The name of a normalizer, for messages. */
const hookOf = (normalize: Normalizer): string => {
  const name = readSafely(normalize, 'name');
  return typeof name === 'string' && name !== '' ? name : 'the normalizer';
};
