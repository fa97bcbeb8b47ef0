import { asObject } from '../as-object.ts';

/** A token with its log probability, as the server wrote it. */
export interface TokenLogprob {
  /** The bytes of the token, one character each; empty if the server does not say them. */
  readonly bytes: string;
  readonly logprob: unknown;
}

/** Returns the tokens in the `logprobs` of a choice, or of a chunk of it. */
export const tokensIn = (choiceLogprobs: unknown): readonly TokenLogprob[] => {
  // Together uses the older form: two lists.
  const { content, tokens, token_logprobs: older } = asObject(choiceLogprobs);
  if (Array.isArray(content)) return content.map((token) => toToken(asObject(token)));
  const names: readonly unknown[] = Array.isArray(tokens) ? tokens : [];
  return Array.isArray(older) ? older.map((logprob, at) => toToken({ token: names[at], logprob })) : [];
};

const toToken = ({ token, bytes, logprob }: Readonly<Record<string, unknown>>): TokenLogprob => ({
  // A character of several bytes may be divided between tokens, and their texts cannot say so.
  bytes: isBytes(bytes) ? String.fromCharCode(...bytes) : typeof token === 'string' ? bytesOf(token) : '',
  logprob,
});

const isBytes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.length < 1000 && value.every(Number.isInteger);

const bytesOf = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');

const textOf = (bytes: string): string =>
  new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));

/** The mean log probability of an answer. */
export interface MeanLogprob {
  /** `undefined` if it is unknown which tokens spell the answer, or one of them is odd. */
  readonly mean: number | undefined;
  /** Whether the probability of one of them is no number that a probability can have. */
  readonly isOdd: boolean;
}

/**
 * Returns the mean over the tokens that spell a text, and over no others: some servers write those of the reasoning as well.
 *
 * @param isAlone whether the model wrote nothing else, so that tokens without texts are those of the answer.
 */
export const meanLogprob = (tokens: readonly TokenLogprob[], text: string, isAlone: boolean): MeanLogprob => {
  if (tokens.length === 0) return { mean: undefined, isOdd: false };
  const logprobs = tokensOf(tokens, text, isAlone).map(({ logprob }) => logprob);
  const sound = logprobs.filter(isLogprob);
  const isOdd = sound.length < logprobs.length;
  const mean = sound.reduce((sum, logprob) => sum + logprob, 0) / sound.length;
  return { mean: isOdd || sound.length === 0 ? undefined : mean, isOdd };
};

/** Names of tokens that end an answer, and blanks. */
const ENDING = /^(?:\s|<[|/][^<>]{0,40}>|\[\/?[A-Z_]{1,20}\])*$/;

const tokensOf = (
  tokens: readonly TokenLogprob[],
  text: string,
  isAlone: boolean,
): readonly TokenLogprob[] => {
  const written = tokens.map(({ bytes }) => bytes).join('');
  if (written === '') return isAlone ? tokens : [];
  const answer = bytesOf(text.trim() || text);
  const start = written.lastIndexOf(answer);
  const end = start + answer.length;
  if (answer === '' || start < 0 || !ENDING.test(textOf(written.slice(end)))) return [];
  let at = 0;
  return tokens.filter(({ bytes }) => {
    const from = at;
    at += bytes.length;
    return bytes !== '' && from < end && at > start;
  });
};

/** Some servers write a probability of 0 as −9999. Values above 0 are not log probabilities. */
const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value <= 0;
