import type { Attachment } from './attachment.ts';
import type { ModelInput } from './attempt.ts';
import { attachmentsIn, writtenIn } from './message.ts';
import type { Usage } from './model.ts';
import type { ModelRequest } from './request.ts';

/** The tokens that frame a message in the prompt of a chat. */
const FRAME_TOKENS = 16;

/** The tokens of the instructions that providers add to a request with tools. Anthropic documents up to 700. */
const TOOL_PROMPT_TOKENS = 1000;

/** The tokens of an image, at the highest resolution that most models read. */
const IMAGE_TOKENS = 5000;

/** The tokens of the largest context windows, which no file can exceed. */
const WINDOW_TOKENS = 1_000_000;

/**
 * Returns the maximum number of tokens of an input: a token has at least one byte. A file has at least the tokens of an image,
 * because its pages may be read as images; one at a URL may fill the context window.
 */
export const mostTokens = ({ system, messages, tools, answerSchema }: ModelInput): number => {
  const texts = [
    ...(system === undefined ? [] : [system]),
    ...(answerSchema === undefined ? [] : [JSON.stringify(answerSchema)]),
    ...Object.entries(tools ?? {}).map((tool) => JSON.stringify(tool)),
    ...messages.map(({ content }) => writtenIn(content)),
  ];
  return (
    (tools === undefined ? 0 : TOOL_PROMPT_TOKENS) +
    texts.reduce((tokens, text) => tokens + FRAME_TOKENS + bytesOf(text), 0) +
    mostFileTokens(messages)
  );
};

/** Returns the maximum number of tokens of the images and files of an input. */
export const mostFileTokens = (messages: ModelInput['messages']): number =>
  messages
    .flatMap(({ content }) => attachmentsIn(content))
    .reduce((tokens, file) => tokens + tokensOf(file), 0);

const tokensOf = ({ mediaType, sizeBytes = WINDOW_TOKENS }: Attachment): number =>
  mediaType.startsWith('image/') ? IMAGE_TOKENS : Math.min(WINDOW_TOKENS, Math.max(IMAGE_TOKENS, sizeBytes));

const encoder = new TextEncoder();

/** Up to this length, counting costs less than encoding: a third for the question of a chat (measured). */
const MAX_COUNTED_LENGTH = 500;

/** Returns the bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => {
  if (text.length > MAX_COUNTED_LENGTH) return encoder.encode(text).length;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.codePointAt(index) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;
    if (code >= 0x1_00_00) index += 1;
  }
  return bytes;
};

/**
 * How many tokens a usage may have beyond what was sent and beyond the limit of the output. Far more than any context
 * window, since templates, images, tools and hidden reasoning count as well, and a real cost must not be dropped.
 */
const MARGIN_TOKENS = 10_000_000;

/** Returns the totals of a usage that no call with this request can have. */
export const impossibleTotals = (
  { inputTokens = 0, outputTokens = 0 }: Pick<Usage, 'inputTokens' | 'outputTokens'>,
  request: ModelInput & Pick<ModelRequest, 'maxOutputTokens'>,
): readonly ('inputTokens' | 'outputTokens')[] => [
  // The request is measured for the few usages that may be too high.
  ...(inputTokens > MARGIN_TOKENS && inputTokens > MARGIN_TOKENS + mostTokens(request)
    ? (['inputTokens'] as const)
    : []),
  ...(outputTokens > MARGIN_TOKENS + (request.maxOutputTokens ?? 0) ? (['outputTokens'] as const) : []),
];
