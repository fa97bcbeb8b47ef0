import { internal } from '../../domain/internal.ts';
import type { Model } from '../../domain/model.ts';
import { toRequest } from '../../engine/to-request.ts';
import { jsonSchemaOf } from '../../normalizers/answer-schema.ts';
import { normalizerOf } from '../../normalizers/normalizers.ts';
import type { ConditionOptions } from '../condition.ts';
import { callText } from '../journal/call-text.ts';
import { promptTemplate } from '../prompt-template.ts';
import type { Question } from '../question.ts';
import type { RequestedCall } from './rescore-condition.ts';
import { datasetEntry } from './rescore-question.ts';

/**
 * Returns the calls that a condition makes for a question if it calls its whole panel, without those that the dataset answers.
 * Makes none of them.
 */
export const panelCalls = (
  condition: ConditionOptions,
): ((question: Question) => readonly RequestedCall[]) => {
  const { prompt, models, samples = 1, normalization } = condition;
  const template = prompt === undefined ? undefined : promptTemplate(prompt);
  const answerSchema = jsonSchemaOf(normalizerOf(normalization));
  return (question) => {
    const query = template?.queryOf(question) ?? question.question;
    const { [internal]: _, ...asked } = toRequest(query, 'runExperiment', condition);
    const request = { ...asked, ...(answerSchema !== undefined && { answerSchema }) };
    const panel: readonly Model[] = typeof models === 'function' ? models(query) : models;
    return panel.flatMap((model) =>
      Array.from({ length: samples }, (_, sample) => {
        const sent = samples === 1 ? request : { ...request, sample };
        return { text: callText(model, sent), model, request: sent };
      }).filter((call) => template !== undefined || datasetEntry(question, call) === undefined),
    );
  };
};
