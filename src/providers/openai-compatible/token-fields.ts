import { type ModelRequest, smallerLimit } from '../../domain/request.ts';
import { answerLimit, type OutputLimit, positiveCount } from '../output-limit.ts';
import type { Settings } from './settings.ts';

/** The fields with which servers limit the tokens of an answer. llama.cpp prefers its own to the standard ones. */
const FIELDS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_new_tokens', 'n_predict'];

/** The fields that a request has because of its model's options, with any values. */
const given = ({ parameters = {}, server, maxOutputTokens }: LimitSettings): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(parameters).filter(([name]) => FIELDS.includes(name))),
  ...(maxOutputTokens !== undefined && { [server.maxTokensField]: maxOutputTokens }),
});

type LimitSettings = Pick<Settings, 'parameters' | 'server' | 'maxOutputTokens'>;

/** What limits the output of a call, by `maxOutputTokens` and `parameters`. Servers differ in which field they obey. */
export const outputLimit = (settings: LimitSettings): OutputLimit => {
  const limits = Object.values(given(settings)).map(positiveCount);
  const { n, best_of } = settings.parameters ?? {};
  return {
    perAnswer:
      limits.length > 0 && limits.every((limit) => limit !== undefined) ? Math.max(...limits) : undefined,
    answers: Math.max(1, positiveCount(n) ?? 1, positiveCount(best_of) ?? 1),
  };
};

/**
 * Returns the fields that limit the output of a request. If the request has a limit, none of them exceeds it.
 *
 * @param ownLimit the most tokens of one answer, by the settings of the request.
 */
export const tokenFields = (
  request: ModelRequest,
  settings: LimitSettings & Pick<Settings, 'id'>,
  ownLimit?: number,
): Record<string, unknown> => {
  const fields = given(settings);
  if (request.maxOutputTokens === undefined && ownLimit === undefined) return fields;
  const { id, server } = settings;
  const { answers } = outputLimit(settings);
  const names = Object.keys(fields).length === 0 ? [server.maxTokensField] : Object.keys(fields);
  return Object.fromEntries(
    names.map((name) => [
      name,
      smallerLimit(ownLimit, answerLimit(id, request, { perAnswer: positiveCount(fields[name]), answers })),
    ]),
  );
};
