import { defer, filter, map } from 'rxjs';
import { contained } from '../domain/contained-call.ts';
import { isObject } from '../domain/is-object.ts';
import { isDelta, type Model, type ModelResponse } from '../domain/model.ts';
import { abstentionReason } from '../domain/normalizer.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import { json } from '../normalizers/json.ts';
import { aModel, checked, required } from '../options.ts';

const instruction =
  'Reply with a JSON object of two members: "answer", your answer, and "confidence", ' +
  'the probability from 0 to 1 that your answer is right.';

/** The request with the instruction, and with a schema for both members. */
const withInstruction = ({
  system,
  answerSchema = { type: 'string' },
  wantsDeltas: _,
  ...request
}: ModelRequest): ModelRequest => ({
  ...request,
  system: system === undefined ? instruction : `${system}\n\n${instruction}`,
  answerSchema: {
    type: 'object',
    properties: { answer: answerSchema, confidence: { type: 'number' } },
    required: ['answer', 'confidence'],
    additionalProperties: false,
  },
});

/** Splits a reply into answer and confidence. Returns it unchanged if the model did not follow the instruction. */
const splitReply = (response: ModelResponse): ModelResponse => {
  const reply: unknown = json(response.text);
  if (!isObject(reply) || abstentionReason(reply) !== undefined) return response;
  if (!('answer' in reply) || !('confidence' in reply) || typeof reply.confidence !== 'number')
    return response;
  const { answer, confidence } = reply;
  return {
    ...response,
    text: typeof answer === 'string' ? answer : JSON.stringify(answer),
    confidence,
    confidenceSource: 'stated',
  };
};

/**
 * Wraps a model and asks it to state its confidence with each answer. The request has an instruction, and a JSON
 * Schema for providers that support schemas. If a reply does not follow, it keeps its text and has no confidence.
 *
 * Stated confidences are usually too high: calibrate them before you rely on them. Costs a few dozen tokens a call.
 * Responses are not streamed.
 *
 * @throws {ConfigError} if the model is missing or invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, statedConfidence } from 'crucible-ensemble';
 *
 * const model = statedConfidence(defineModel('any', () => '{"answer": "Paris", "confidence": 0.8}'));
 * const { answer, metadata } = await createEnsemble({ models: [model] }).predict('Capital of France?');
 * answer; // => 'paris'
 * metadata.confidence; // => 0.8
 * ```
 */
export const statedConfidence = (model: Model): Model => {
  checked('statedConfidence', { model }, { model: required(aModel) });
  return {
    ...model,
    call: (request) =>
      defer(() => {
        const longer = withInstruction(request);
        attemptListener(request)?.attemptSends(longer);
        return contained(model, longer);
      }).pipe(
        // A delta is a piece of the JSON around the answer, and not of the answer.
        filter((output): output is ModelResponse => !isDelta(output)),
        map(splitReply),
      ),
  };
};
