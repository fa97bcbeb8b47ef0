import { distance } from 'fastest-levenshtein';
import { described, LONGEST, TOO_SHORT_FOR_A_KEY } from './quoting.ts';

/**
 * The words of this library, of its options and of the models that it knows. A text of these alone is no secret.
 */
const WORDS: ReadonlySet<string> = new Set(
  `a above abort absolute abstain accept accuracies accuracy adaptive after agreement aim all alpha and answer
  answers anthropic any api args argument array as ask asked async at attempt attempts auto azure backoff ballots base
  baseline bayes before best beta bias body boolean both break breaker budget buffer burst by cache call calls cancel
  capture cascade cast category chat cheap check choice choices circuit claude client code column command complete
  completion concurrency concurrent condition conditions confidence confident config consensus constructor content
  context cooldown cost count coverage csv data dataset date deadline debug decided deepseek default degraded delay
  delta deltas deployment dispatcher duration each early earlystop effort elect else elsewhere encode end endpoint
  ensemble entries error errors event every exact example execution expected experiment expired extra fail failed
  failure fallback false fast fastest field fieldwise file final fine fingerprint finish finished fireworks first flags
  flash float fold folds for format frequency from function gap gemini gemma generation google gpt groq haiku half
  handle handler has header headers hedge hedged high history host html http https id if in independent index info
  input integer interval is isotonic json jsonl journal judge key keys label large latency learn least left length
  level levels like likelihoods limit limits line listener lite llama llamacpp lm lmstudio local log logger logprobs
  long low lowercase luna made majority many map margin markdown match matching max maximum mean median member members
  memory message messages meta metadata meter method metric metrics mid min mini minimum minute missing mistral mode
  model models mode most ms name named names nano never next no node none normalization normalize normalizer not number
  numeric object observer odds of off ollama on once one only open openai openrouter option options opus or order
  organization origin original other out outcome output override overrides own panel parallel parameters parse part
  parts path pending penalty per percentage percentile plurality pricing prices primary precision predict
  prediction prefix presence preset price prior project prompt proto prototype provider providers query question
  questions queue queued qwen random rate ratio read real reason reasoning record recorded records refusal remaining
  replay reply report request requests required reset resource response responses result results retries retry role
  rounds rule rules run sample samples sampling scale schedule schema score scorer search second seed sent
  sequential serial server service set share short shot should show signal simulated single size slow sol some sonnet
  sort source split start state status step stop store strategies strategy stream streaming strict string strings
  subset success summary system table target task telemetry temperature template tenant terra test text threshold
  throughput tier time timeout timestamp title to together token tokens tolerance tool tools top trace tracer transport
  trial trials trim true try ttl tune turbo type types unanimous unit unknown until up url usage usd use user valid
  value values vendor version vllm vote voter voters votes voting wait warm warning weight weighted weights when width
  window with within without word write xai yes you your yours zero`.split(/\s+/),
);

const LONGEST_WORD = 16;

/** Whether a word is known, or a known one with a slip of a letter, or of two in a long word. */
const isKnown = (word: string): boolean => {
  if (WORDS.has(word) || /^\d{1,4}$/.test(word)) return true;
  const slips = word.length < 5 ? 0 : word.length < 8 ? 1 : 2;
  if (slips === 0 || word.length > LONGEST_WORD) return false;
  return [...WORDS].some(
    (known) =>
      known.length > 3 && Math.abs(known.length - word.length) <= slips && distance(word, known) <= slips,
  );
};

/**
 * Whether a text may be repeated in a message. Every value of a caller may be a key in the wrong place, and passwords
 * have no shape, so a text is repeated only if it cannot be one: it is too short, or it has no other words than those of
 * this library.
 */
const isQuotable = (text: string): boolean => {
  if (text.length <= TOO_SHORT_FOR_A_KEY) return true;
  if (text.length > LONGEST || !/^[\w ./:,'"-]+$/.test(text)) return false;
  // A number with some letters is no name.
  if (/[a-z]/i.test(text) && text.replaceAll(/\D/g, '').length * 2 > text.length) return false;
  const words = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  return words.every((word) => isKnown(word.toLowerCase()));
};

/**
 * Formats a text of a caller for a message: quoted if it cannot be a key, or else described by its length.
 */
export const quoted = (text: string): string => (isQuotable(text) ? JSON.stringify(text) : described(text));
