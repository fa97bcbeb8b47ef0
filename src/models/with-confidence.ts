import { map } from 'rxjs';
import { isDelta, type Model, type ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import { faultsOf, ofType, refuse } from '../options.ts';

/**
 * A model whose confidence is what a function makes of its response: 0..1, the probability that the answer is
 * right, or `undefined` where the function cannot say. Costs nothing; replaces what the model said itself.
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
  refuse(faultsOf('withConfidence', { confidenceOf }, { confidenceOf: ofType('function') }));
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
