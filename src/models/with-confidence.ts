import { map } from 'rxjs';
import { contained } from '../domain/contained-call.ts';
import { guarding } from '../domain/foreign.ts';
import { isDelta, type Model, type ModelResponse } from '../domain/model.ts';
import { providerWarnings, reportedByProvider } from '../domain/provider-report.ts';
import type { ModelRequest } from '../domain/request.ts';
import { aModel, checked, ofType, required, suchThat } from '../options.ts';

const numberOrNothing = suchThat(
  'a number or undefined',
  (value) => value === undefined || typeof value === 'number',
);

/**
 * Wraps a model and computes the confidence of each response by a function. The confidence is the probability from 0
 * to 1 that the answer is right, or `undefined` if it is unknown. It replaces the model's own.
 * If the function throws or returns anything else, the confidence is unknown, with a warning. Costs no calls.
 *
 * @throws {ConfigError} if an argument is missing or invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, withConfidence } from 'crucible-ensemble';
 *
 * const hedging = /\b(perhaps|maybe|not sure)\b/i;
 * const model = withConfidence(
 *   defineModel('careful', () => 'Perhaps Paris'),
 *   ({ text }) => (hedging.test(text) ? 0.5 : 0.9),
 * );
 * const { metadata } = await createEnsemble({ models: [model] }).predict('What is the capital of France?');
 * metadata.confidence; // => 0.5
 * ```
 */
export const withConfidence = (
  model: Model,
  confidenceOf: (response: ModelResponse, request: ModelRequest) => number | undefined,
): Model => {
  const specs = { model: required(aModel), confidenceOf: required(ofType('function')) };
  checked('withConfidence', { model, confidenceOf }, specs);
  return {
    ...model,
    call: (request) =>
      contained(model, request).pipe(
        map((output) => {
          if (isDelta(output)) return output;
          let warnings: readonly string[] = [];
          const confidence = guarding(
            () => confidenceOf(output, request),
            (fault) => {
              warnings = [`confidenceOf of withConfidence ${fault}: the confidence is unknown`];
              return undefined;
            },
            numberOrNothing,
          );
          return {
            ...output,
            confidence,
            confidenceSource: 'function' as const,
            ...reportedByProvider({ warnings: [...providerWarnings(output), ...warnings] }, output),
          };
        }),
      ),
  };
};
