import { map } from 'rxjs';
import { isDelta, type Model, type ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import { checked, ofType, required } from '../options.ts';
import { aModel } from './model-check.ts';

/**
 * Wraps a model and computes the confidence of each response by a function. The confidence is the probability from 0
 * to 1 that the answer is right, or `undefined` if it is unknown. It replaces the model's own. Costs no calls.
 *
 * @throws {ConfigError} if an argument is missing or invalid.
 *
 * @example
 * ```ts
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
      model.call(request).pipe(
        map((output) =>
          isDelta(output)
            ? output
            : {
                ...output,
                confidence: confidenceOf(output, request),
                confidenceSource: 'function' as const,
              },
        ),
      ),
  };
};
