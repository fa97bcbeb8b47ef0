import { given } from '../../domain/given.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';

/** How detailed a summary of the reasoning is. */
export type ReasoningSummary = 'auto' | 'concise' | 'detailed';

/** The settings of a query that the Responses API takes. It has no stop sequences, seeds and penalties. */
export const TAKEN: ReadonlySet<keyof QuerySettings> = new Set([
  ...(['maxOutputTokens', 'temperature', 'topP', 'reasoningEffort'] as const),
]);

/** The options of a model, with the settings of a request. */
type WritingOptions = {
  readonly [Name in keyof QuerySettings]?: QuerySettings[Name] | undefined;
} & {
  readonly reasoningSummary?: ReasoningSummary | undefined;
  readonly confidence?: 'logprobs' | undefined;
};

/** Converts settings besides the limit of the output to the fields of the Responses API. */
export const settingFields = ({
  temperature,
  topP,
  reasoningEffort,
  reasoningSummary,
  confidence,
}: WritingOptions) => {
  const reasoning = given({ effort: reasoningEffort, summary: reasoningSummary });
  return given({
    temperature,
    top_p: topP,
    reasoning: Object.keys(reasoning).length > 0 ? reasoning : undefined,
    include: confidence === 'logprobs' ? ['message.output_text.logprobs' as const] : undefined,
  });
};
