/** The fields of a request that `parameters` cannot set, and how they are set. */
export const FIXED_FIELDS: Readonly<Record<string, string>> = {
  model: 'give the model as the first argument',
  messages: 'they are those of the query',
  input: 'it is that of the query',
  instructions: 'give the query "system"',
  stream: 'use stream(query)',
  stream_options: 'the usage of a stream is asked for anyway',
};

/** Those of models that limit their output by an option alone, which `budget` reads. */
export const FIXED_OPENAI_FIELDS: Readonly<Record<string, string>> = {
  ...FIXED_FIELDS,
  max_tokens: 'set "maxOutputTokens"',
  max_completion_tokens: 'set "maxOutputTokens"',
  max_output_tokens: 'set "maxOutputTokens"',
  n: 'set "samples" of the ensemble',
};
