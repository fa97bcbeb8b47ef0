import { defer, map, type Observable, of, timer } from 'rxjs';
import { ModelError } from '../domain/errors.ts';
import { guarding, readSafely } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import {
  between,
  checked,
  delayMs,
  durationMs,
  ofType,
  properName,
  reading,
  required,
  suchThat,
} from '../options.ts';
import { solveArithmetic } from './arithmetic.ts';
import { type Draw, drawsFor, normalDraw, seedCheck } from './random.ts';

/** A long-tailed (log-normal) latency, by its median and its 99th percentile, in milliseconds. */
export interface LongTail {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Options of {@link simulated}. */
export interface SimulatedOptions {
  /** The name of the model. It is also part of the seed. */
  readonly id: string;
  /** The probability that an answer is right, 0..1. Default 0.9. */
  readonly accuracy?: number;
  /** How long an answer takes, in milliseconds: constant or long-tailed. Default 0: it arrives within `subscribe`. */
  readonly latencyMs?: number | LongTail;
  /** The confidence of a response, 0..1, or a function of whether it is right. Default: none. */
  readonly confidence?: number | ((isRight: boolean) => number);
  /** The probability that a call fails with a retryable error, 0..1. Default 0. */
  readonly failureRate?: number;
  /** The cost of a call that its response reports, in USD. Default: none. */
  readonly costUsd?: number;
  /** Another seed gives other answers, failures and latencies. Default 0. */
  readonly seed?: number | string;
  /**
   * The right answer, or a function that returns the right answer to a question. Default: the result of the arithmetic
   * in the question. A question without arithmetic is answered with an apology.
   */
  readonly answer?: string | ((question: string) => string);
}

const isLongTail = (value: unknown): boolean => {
  const { medianMs, p99Ms } = Object(value) as LongTail;
  return [medianMs, p99Ms].every((ms) => durationMs(ms) === undefined) && p99Ms >= medianMs;
};

const latency = suchThat(
  'a number of milliseconds, or { medianMs, p99Ms }',
  (value) => delayMs(value) === undefined || isLongTail(value),
);

const confidenceCheck = suchThat(
  'a number from 0 to 1, or a function',
  (value) => typeof value === 'function' || between(0, 1)(value) === undefined,
);

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.326347874;

const latencyOf = (latencyMs: number | LongTail, draw: Draw): number =>
  typeof latencyMs === 'number'
    ? latencyMs
    : latencyMs.medianMs * (latencyMs.p99Ms / latencyMs.medianMs) ** (normalDraw(draw) / Z99);

/** What a function returns is not known before the call. */
const unlessFunction = <Value>(value: Value): Value | undefined =>
  typeof value === 'function' ? undefined : value;

/** Marks a simulated model, also one that is wrapped or of another copy of this library. */
const simulation: unique symbol = Symbol.for('crucible-ensemble.simulated') as never;

/** Whether a model is simulated, so that its answers say nothing about real models. */
export const isSimulated = (model: Model): boolean => readSafely(model, simulation) === true;

/** Returns a wrong answer close to the right one, so that wrong models sometimes agree with each other. */
const mistake = (right: string, draw: Draw): string => {
  const offset = [-10, -2, -1, 1, 2, 10][Math.floor(draw() * 6)] ?? 1;
  const number = Number(right);
  if (right.trim() === '' || Number.isNaN(number)) return `not ${right}`;
  return String(number + offset);
};

/**
 * Creates a model for demos, tests and studies. It needs no key: it solves plain arithmetic, with the error rate, latency
 * and failure rate of its options. Answers, failures and latencies depend only on id, seed and question, so the same
 * question gets the same answer in any order.
 *
 * @throws {ConfigError} listing every missing or invalid option, such as a rate outside 0..1.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 *
 * const model = simulated({ id: 'steady', accuracy: 1, costUsd: 0.001 });
 * const { answer, metadata } = await createEnsemble({ models: [model] }).predict('What is 6 * 7?');
 * answer; // => '42'
 * metadata.costUsd; // => 0.001
 * ```
 */
export const simulated = (options: SimulatedOptions): Model => {
  return reading('simulated', () => {
    const { id, accuracy, latencyMs, confidence, failureRate, costUsd, seed, answer } = checked(
      'simulated',
      options,
      {
        id: required(properName),
        accuracy: [between(0, 1), 0.9],
        latencyMs: [latency, 0],
        confidence: confidenceCheck,
        failureRate: [between(0, 1), 0],
        costUsd: between(0, Number.MAX_VALUE),
        seed: [seedCheck, 0],
        answer: suchThat('a string, or a function of the question', (value) =>
          ['string', 'function'].includes(typeof value),
        ),
      },
    );

    const failing =
      (option: string) =>
      (fault: string, cause: unknown): never => {
        throw new ModelError(id, `${option} of simulated ${fault}`, { cause });
      };

    const respond = (question: string, draw: Draw): ModelResponse => {
      const known =
        typeof answer === 'function'
          ? guarding(() => answer(question), failing('answer'), ofType('string'))
          : (answer ?? solveArithmetic(question));
      if (known === undefined) return { text: 'I am a simulated model and only know arithmetic.' };
      const isRight = draw() < accuracy;
      const stated =
        typeof confidence === 'function'
          ? guarding(() => confidence(isRight), failing('confidence'), between(0, 1))
          : confidence;
      return { text: isRight ? String(known) : mistake(String(known), draw), confidence: stated, costUsd };
    };

    return {
      id,
      [simulation]: true,
      settings: given({
        accuracy,
        latencyMs,
        failureRate,
        costUsd,
        seed,
        confidence: unlessFunction(confidence),
        answer: unlessFunction(answer),
      }),
      call: ({ prompt }) =>
        defer((): Observable<ModelResponse> => {
          const draw = drawsFor(`${seed}\n${id}\n${prompt}`);
          const waitMs = latencyOf(latencyMs, draw);
          const arrived$ = waitMs === 0 ? of(0) : timer(waitMs);
          return arrived$.pipe(
            map(() => {
              if (draw() < failureRate)
                throw new ModelError(id, 'a simulated failure', { isRetryable: true });
              return respond(prompt, draw);
            }),
          );
        }),
    };
  });
};
