import { filter, map } from 'rxjs';
import { isDelta, type Model, type ModelResponse } from '../domain/model.ts';
import { abstentionReason } from '../domain/normalizer.ts';
import { json } from '../normalizers/json.ts';

const instruction =
  'Reply with a JSON object of two members: "answer", your answer, and "confidence", ' +
  'the probability from 0 to 1 that your answer is right.';

/** What a model wrote, taken apart; as it is, and without a confidence, where it did not follow. */
const takenApart = (response: ModelResponse): ModelResponse => {
  const said: unknown = json(response.text);
  if (typeof said !== 'object' || said === null || abstentionReason(said) !== undefined) return response;
  if (!('answer' in said) || !('confidence' in said) || typeof said.confidence !== 'number') return response;
  const { answer, confidence } = said;
  return {
    ...response,
    text: typeof answer === 'string' ? answer : JSON.stringify(answer),
    confidence,
    confidenceSource: 'stated',
  };
};

/**
 * A model that is asked to state its confidence with its answer, by a schema where its provider knows them
 * and by an instruction in any case. A reply that does not follow keeps its text and has no confidence.
 * What models state is mostly too high: calibrate it before you rely on it. Costs a few dozen tokens a call.
 *
 * @example
 * ```ts
 * const model = statedConfidence(defineModel('any', () => '{"answer": "Paris", "confidence": 0.8}'));
 * const { text, metadata } = await createEnsemble({ models: [model] }).predict('Capital of France?');
 * text; // => 'Paris'
 * metadata.confidence; // => 0.8
 * ```
 */
export const statedConfidence = (model: Model): Model => ({
  ...model,
  call: ({ system, answerSchema = { type: 'string' }, wantsDeltas: _, ...request }) =>
    model
      .call({
        ...request,
        system: system === undefined ? instruction : `${system}\n\n${instruction}`,
        answerSchema: {
          type: 'object',
          properties: { answer: answerSchema, confidence: { type: 'number' } },
          required: ['answer', 'confidence'],
          additionalProperties: false,
        },
      })
      .pipe(
        // Pieces of the JSON around the answer are of use to nobody.
        filter((output): output is ModelResponse => !isDelta(output)),
        map(takenApart),
      ),
});
