import { ensembleObject } from './ensemble-options.ts';
import { aFlag, aList, aNumber, anObject, anything, type FieldChecks, oneOfThese } from './fields.ts';

/** The fields that chat completions and responses have in common. */
export const openAIFields: FieldChecks = {
  stream: aFlag,
  stream_options: anObject,
  temperature: aNumber(0, 2),
  top_p: aNumber(0, 1),
  tools: aList,
  tool_choice: (value) =>
    typeof value === 'string' ? oneOfThese('auto', 'none', 'required')(value) : anObject(value),
  parallel_tool_calls: aFlag,
  service_tier: oneOfThese('auto', 'default'),
  ensemble: ensembleObject,
  plugins: aList,
  // These change no answer.
  user: anything,
  metadata: anything,
  safety_identifier: anything,
  prompt_cache_key: anything,
  prompt_cache_retention: anything,
  prompt_cache_options: anything,
};
