import { describe, expect, it } from 'vitest';
import { refusalError } from '../../src/providers/google/refusal-error.ts';
import { httpError } from '../../src/providers/http-error.ts';
import { withRefusedParameter } from '../../src/providers/refused-parameter.ts';

const NOTHING = { settings: {}, options: {}, parameters: [] };

const anthropic = (message: string): object => ({
  type: 'error',
  error: { type: 'invalid_request_error', message },
});

const google = (message: string, field?: string): object => ({
  error: {
    code: 400,
    message,
    status: 'INVALID_ARGUMENT',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: field === undefined ? [] : [{ field, description: message }],
      },
    ],
  },
});

describe('an error of Anthropic', () => {
  const messageOf = (message: string, sent = NOTHING): string =>
    withRefusedParameter(httpError('m', { status: 400, body: anthropic(message) }), sent).message;

  it.each([
    ['`temperature` is deprecated for this model.', 'temperature'],
    ['temperature: Input should be less than or equal to 1', 'temperature'],
    [
      '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
      'temperature',
    ],
    ['"thinking.type.disabled" is not supported for this model.', 'thinking'],
    ['thinking.enabled.budget_tokens: Input should be greater than or equal to 1024', 'budget_tokens'],
    ['max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens', 'max_tokens'],
    ['tools.0.custom.input_schema: JSON schema is invalid', 'tools'],
    ['output_config.effort: Input should be low, medium or high', 'effort'],
    ['tool_choice: Thinking may not be enabled when tool_choice forces tool use', 'tool_choice'],
    ['stop_sequences: each stop sequence must contain non-whitespace', 'stop_sequences'],
  ])('names the parameter in "%s"', (message, parameter) => {
    expect(messageOf(message)).toContain(`it names the parameter "${parameter}"`);
  });

  it.each([
    'Your credit balance is too low',
    'Invalid: the text is hot',
    'prompt is too long: 200001 tokens > 200000 maximum',
  ])('names none in "%s"', (message) => {
    expect(messageOf(message)).toContain('check the model name and its options');
  });

  it('says where the parameter was set', () => {
    const settings = { reasoningEffort: 'none' } as const;
    expect(
      messageOf('"thinking.type.disabled" is not supported', { ...NOTHING, settings } as never),
    ).toContain('which is the setting "reasoningEffort" of the query');
    expect(messageOf('speed: unsupported', { ...NOTHING, parameters: ['speed'] } as never)).toContain(
      'of the option "parameters"',
    );
  });
});

it('is read at once, if a sentence is long', () => {
  for (const text of [
    '"'.repeat(1e6),
    'a.'.repeat(1e6),
    'invalid a_'.repeat(1e6),
    `invalid "${'a'.repeat(1e6)}`,
  ]) {
    const error = httpError('m', { status: 400, body: anthropic(text) });
    expect(withRefusedParameter(error, NOTHING).message).toContain('check the model name and its options');
  }
});

describe('an error of Google', () => {
  const messageOf = (body: unknown, sent = NOTHING): string =>
    withRefusedParameter(refusalError('m', { status: 400, body }), sent).message;

  it.each([
    [google('Invalid value at generation_config.top_k', 'generation_config.top_k'), 'top_k'],
    [
      google('Request contains an invalid argument.', 'generation_config.thinking_config.thinking_level'),
      'thinking_level',
    ],
    [
      google(
        'Invalid JSON payload received. Unknown name "thinkingLevel" at \'generation_config.thinking_config\': Cannot find field.',
      ),
      'thinkingLevel',
    ],
    [
      google(
        'Thinking budget 99999 is invalid. Please choose a value',
        'generation_config.thinking_config.thinking_budget',
      ),
      'thinking_budget',
    ],
    [
      google(
        'Request contains an invalid argument.',
        'tools[0].function_declarations[0].parameters_json_schema',
      ),
      'tools',
    ],
    [
      google('* GenerateContentRequest.generation_config.response_mime_type: unsupported'),
      'response_mime_type',
    ],
    [google('Request contains an invalid argument.', 'safety_settings[0].category'), 'safety_settings'],
  ])('names the parameter in %j', (body, parameter) => {
    expect(messageOf(body)).toContain(`it names the parameter "${parameter}"`);
  });

  it.each([google('Penalty is not enabled for this model'), google('Request contains an invalid argument.')])(
    'names none in %j',
    (body) => {
      expect(messageOf(body)).toContain('check the model name and its options');
    },
  );
});
