import { defer, map, type Observable, of, timer } from 'rxjs';
import { ModelError } from '../domain/errors.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { between, delayMs, faultsOf, nonEmpty, oneOf, refuse } from '../options.ts';
import { solveArithmetic } from './arithmetic.ts';
import { type Draw, drawsFor, normalDraw } from './random.ts';

/** A long-tailed latency: log-normal, given by its median and its 99th percentile, in milliseconds. */
export interface LongTail {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Options of {@link simulated}. */
export interface SimulatedOptions {
  /** Names the model, and makes its draws its own. */
  readonly id: string;
  /** How often its answer is the right one, 0..1. Default 0.9. */
  readonly accuracy?: number;
  /** How long an answer takes, in milliseconds: always the same, or long-tailed. Default 0: at once. */
  readonly latencyMs?: number | LongTail;
  /** What it says of its own confidence, 0..1, given whether it is right. Default: nothing. */
  readonly confidence?: number | ((isRight: boolean) => number);
  /** How often a call fails, 0..1. Default 0. */
  readonly failureRate?: number;
  /** What a call costs, in USD. Default: it does not say. */
  readonly costUsd?: number;
  /** Makes another simulation of the same model. Default 0. */
  readonly seed?: number | string;
  /**
   * The right answer to a question, or a function that knows it. Default: the result of the arithmetic in
   * the question; a question without any is answered with an apology.
   */
  readonly answer?: string | ((question: string) => string);
}

const isLongTail = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'medianMs' in value &&
  'p99Ms' in value &&
  delayMs(value.medianMs) === undefined &&
  delayMs(value.p99Ms) === undefined &&
  (value.medianMs as number) > 0 &&
  (value.p99Ms as number) >= (value.medianMs as number);

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.326347874;

const latencyOf = (latencyMs: number | LongTail, draw: Draw): number =>
  typeof latencyMs === 'number'
    ? latencyMs
    : latencyMs.medianMs * (latencyMs.p99Ms / latencyMs.medianMs) ** (normalDraw(draw) / Z99);

/** A wrong answer of the same kind, near the right one, so that wrong models sometimes agree. */
const mistake = (right: string, draw: Draw): string => {
  const offset = [-10, -2, -1, 1, 2, 10][Math.floor(draw() * 6)] ?? 1;
  const number = Number(right);
  if (right.trim() === '' || Number.isNaN(number)) return `not ${right}`;
  return String(number + offset);
};

/**
 * A model for demos, tests and studies that needs no key: it solves plain arithmetic, and is wrong, late
 * or failing as often as it is told to. Everything it does is drawn from its id, its seed and the
 * question, so the same question always gets the same answer, in whatever order questions come.
 *
 * @throws {ConfigError} for rates outside 0..1 and times or costs below 0.
 *
 * @example
 * ```ts
 * const model = simulated({ id: 'steady', accuracy: 1, costUsd: 0.001 });
 * const { answer, metadata } = await createEnsemble({ models: [model] }).predict('What is 6 * 7?');
 * answer; // => '42'
 * metadata.costUsd; // => 0.001
 * ```
 */
export const simulated = (options: SimulatedOptions): Model => {
  refuse(
    faultsOf(
      'simulated',
      { ...options, id: options.id ?? null },
      {
        id: nonEmpty,
        accuracy: between(0, 1),
        latencyMs: oneOf(
          [],
          'milliseconds, or { medianMs, p99Ms }',
          (value) => delayMs(value) === undefined || isLongTail(value),
        ),
        confidence: oneOf(
          [],
          'a number from 0 to 1, or a function',
          (value) => typeof value === 'function' || between(0, 1)(value) === undefined,
        ),
        failureRate: between(0, 1),
        costUsd: between(0, Number.MAX_VALUE),
        seed: oneOf([], 'a number or a text', (value) => ['number', 'string'].includes(typeof value)),
        answer: oneOf([], 'a text, or a function of the question', (value) =>
          ['string', 'function'].includes(typeof value),
        ),
      },
    ),
  );
  const {
    id,
    accuracy = 0.9,
    latencyMs = 0,
    confidence,
    failureRate = 0,
    costUsd,
    seed = 0,
    answer,
  } = options;

  const respond = (question: string, draw: Draw): ModelResponse => {
    const known = typeof answer === 'function' ? answer(question) : (answer ?? solveArithmetic(question));
    if (known === undefined) return { text: 'I am a simulated model and only know arithmetic.' };
    const isRight = draw() < accuracy;
    const stated = typeof confidence === 'function' ? confidence(isRight) : confidence;
    return {
      text: isRight ? String(known) : mistake(String(known), draw),
      confidence: stated,
      costUsd,
    };
  };

  return {
    id,
    call: ({ prompt }) =>
      defer((): Observable<ModelResponse> => {
        const draw = drawsFor(`${seed}\n${id}\n${prompt}`);
        const waitMs = latencyOf(latencyMs, draw);
        const arrived$ = waitMs === 0 ? of(0) : timer(waitMs);
        return arrived$.pipe(
          map(() => {
            if (draw() < failureRate) throw new ModelError(id, 'a simulated failure', { isRetryable: true });
            return respond(prompt, draw);
          }),
        );
      }),
  };
};
