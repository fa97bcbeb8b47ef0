import {
  InvalidArgumentError,
  type LanguageModelV4CallOptions,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { type AnswerFormat, type AskedOfChat, askedOf, type GivenTool } from '../../chat/asked-of.ts';
import type { Normalizer } from '../../domain/normalizer.ts';
import type { ToolChoice } from '../../domain/tools.ts';
import { PROVIDER, toMessages } from './to-messages.ts';

/** A call of the AI SDK in the words of the library. */
export interface AskedOfAiSdk extends AskedOfChat {
  /** What the call asks for and does not get. */
  readonly warnings: SharedV4Warning[];
}

/**
 * Converts a call of the AI SDK to a query and to how its answers are read.
 *
 * @throws {UnsupportedFunctionalityError} for content that cannot be sent, and for a tool that a provider executes if it must be
 *   called; {InvalidArgumentError} for an invalid tool or schema.
 */
export const toAsked = (
  options: LanguageModelV4CallOptions,
  orText: Normalizer | undefined,
): AskedOfAiSdk => {
  const { prompt, toolChoice, responseFormat, reasoning, ...settings } = options;
  const tools = toTools(options);
  const asked = askedOf(
    {
      messages: toMessages(prompt),
      tools,
      toolChoice: tools.length === 0 ? undefined : toToolChoice(toolChoice),
      mayCallSeveral: true,
      settings: {
        temperature: settings.temperature,
        topP: settings.topP,
        topK: settings.topK,
        presencePenalty: settings.presencePenalty,
        frequencyPenalty: settings.frequencyPenalty,
        maxOutputTokens: settings.maxOutputTokens,
        seed: settings.seed,
        stopSequences: settings.stopSequences,
        reasoningEffort: reasoning === 'provider-default' ? undefined : reasoning,
      },
      format: toFormat(responseFormat),
      orText,
    },
    (fault, argument) => new InvalidArgumentError({ message: `ensembleModel: ${fault}`, argument }),
  );
  return { ...asked, warnings: warningsOf(options) };
};

const toFormat = (format: LanguageModelV4CallOptions['responseFormat']): AnswerFormat => {
  if (format?.type !== 'json') return undefined;
  const { schema } = format;
  return schema === undefined ? 'json' : { schema: { ...schema }, place: 'responseFormat.schema' };
};

const toToolChoice = (choice: LanguageModelV4CallOptions['toolChoice']): ToolChoice | undefined =>
  choice === undefined || choice.type === 'tool' ? choice : choice.type;

/** The tools that the caller executes. */
const toTools = ({ tools = [], toolChoice }: LanguageModelV4CallOptions): GivenTool[] => {
  const own = tools.flatMap((tool) => (tool.type === 'function' ? [tool] : []));
  const isMissing =
    toolChoice?.type === 'tool'
      ? own.every(({ name }) => name !== toolChoice.toolName)
      : toolChoice?.type === 'required' && own.length === 0;
  if (isMissing)
    throw new UnsupportedFunctionalityError({
      functionality: 'toolChoice',
      message: 'ensembleModel: the tool that must be called is not among those that the caller executes',
    });
  return own.map(({ name, description, inputSchema }) => ({ name, description, schema: inputSchema }));
};

/** Says what has no effect. Nothing is dropped silently. */
const warningsOf = (options: LanguageModelV4CallOptions): SharedV4Warning[] => {
  const { tools = [], providerOptions = {}, headers = {}, includeRawChunks, prompt } = options;
  const unsupported = (feature: string, details: string): SharedV4Warning => ({
    type: 'unsupported',
    feature,
    details,
  });
  const hasOptions = (part: { readonly providerOptions?: object }): boolean =>
    Object.keys(part.providerOptions ?? {}).some((name) => name !== PROVIDER);
  const partsOf = ({ content }: (typeof prompt)[number]): readonly { readonly providerOptions?: object }[] =>
    typeof content === 'string' ? [] : content;
  return [
    ...tools.flatMap((tool) =>
      tool.type === 'provider'
        ? [unsupported(`tool ${tool.id}`, 'an ensemble only votes on tools that the caller executes')]
        : [],
    ),
    ...(tools.some(
      (tool) => tool.type === 'function' && (tool.strict !== undefined || tool.inputExamples !== undefined),
    )
      ? [
          unsupported(
            'strict and inputExamples of tools',
            'members decide by themselves how they send a tool',
          ),
        ]
      : []),
    ...Object.keys(providerOptions).map((name) =>
      unsupported(`providerOptions.${name}`, 'give them to the members, where they are made'),
    ),
    ...(prompt.some((message) => hasOptions(message) || partsOf(message).some(hasOptions))
      ? [unsupported('providerOptions of messages', 'an ensemble does not send them to its members')]
      : []),
    ...Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name.toLowerCase() === 'user-agent'
        ? []
        : [unsupported(`header ${name}`, 'give it to the members, where they are made')],
    ),
    ...(includeRawChunks === true ? [unsupported('includeRawChunks', 'an ensemble has no raw chunks')] : []),
  ];
};
