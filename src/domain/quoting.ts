import { distance } from 'fastest-levenshtein';

/**
 * The words of this library, of its options and of the models that it knows. A text of these alone is no secret. Marked as pure,
 * so that a page that only looks for keys loads no words: 1 kB compressed.
 */
const WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ `a above abort absolute abstain accept accuracies accuracy adaptive after agreement aim all alpha and answer
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

/** The maximum number of characters that a message repeats. */
const LONGEST = 60;

const LONGEST_WORD = 16;

/** No provider has keys as short as this. */
export const TOO_SHORT_FOR_A_KEY = 6;

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

/** The fewest letters of a word, on average. Keys change between capitals and small letters more often. */
const AVERAGE_WORD = 2.5;

/** The names of errors of other forms that are in use. */
const ODD_NAME = /^(?:abort(?:ed)?|cancell?ed|timeout)$/i;

/** Whether a text may be repeated as the name of an error: it has the form of one, such as `APIConnectionError`. */
export const isErrorName = (name: string): boolean => {
  if (name === '' || name.length > LONGEST || /[^\w.$-]/.test(name)) return false;
  const [, stem] = /^([A-Z][A-Za-z_]*)(?:Error|Exception)$/.exec(name) ?? [];
  if (stem === undefined) return name.length <= TOO_SHORT_FOR_A_KEY || ODD_NAME.test(name);
  const words = stem.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return stem.length <= TOO_SHORT_FOR_A_KEY || (!isKey(name) && stem.length >= words.length * AVERAGE_WORD);
};

/** The beginnings of the keys and tokens of providers, of clouds and of code hosts. */
const PREFIX =
  /(?:^|[^a-z0-9])(?:sk|rk|gsk|xai|csk|pplx|nvapi|tgp|hf|fw|r8|ghp|gho|ghs|github_pat|glpat|whsec)[-_](?=[\w.-]*\d|[\w.-]{20})[\w.-]{8,}|\bBearer\s+\S{6,}/i;
const CAPITAL_PREFIX = /AIza[\w-]{10,}|A[KS]IA[A-Z0-9]{12,}|ya29\.[\w-]{8,}|eyJ[\w-]{10,}/;

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i;

/** A URL with a password, or with a parameter for a key. */
const SECRET_IN_URL = /:\/\/[^/?#]*@|[?&#][\w-]*(?:key|token|secret|password|signature|sig)=/i;

/** How often a run changes between capitals, small letters and digits. Words and versions change once or twice. */
const changes = (run: string): number => (run.match(/[A-Z]+|[a-z]+|\d+/g) ?? []).length - 1;

/** Whether a run of letters and digits looks drawn at random: too long for a word, or a mixture. */
const isRandom = (run: string): boolean => {
  if (run.length < 8) return false;
  const digits = run.replaceAll(/\D/g, '').length;
  if (digits === run.length) return run.length > 16;
  // A capital begins a word in `myModelName`.
  const isCamelCase = /^[A-Za-z]?[a-z]*(?:[A-Z][a-z]+)+\d{0,2}$/.test(run) && run.length < 32;
  const isMixed = run.length > 9 && /\d[a-z]+\d|[a-z]\d+[a-z]{3}/i.test(run);
  const isUnpronounceable = /[bcdfghjklmnpqrstvwxz]{5}/i.test(run);
  return (
    run.length > 24 ||
    digits * 3 >= run.length ||
    isMixed ||
    isUnpronounceable ||
    (!isCamelCase && changes(run) > 2)
  );
};

/** Whether a text has a key of a known kind. Other texts that look like one may be names. */
export const isKey = (text: string): boolean => PREFIX.test(text) || CAPITAL_PREFIX.test(text);

/** Returns a text with `***` in place of keys of a known kind. */
export const withoutKeys = (text: string): string =>
  isKey(text)
    ? text.replaceAll(new RegExp(PREFIX, 'gi'), '***').replaceAll(new RegExp(CAPITAL_PREFIX, 'g'), '***')
    : text;

/** Whether a text looks like a key. Misses passwords of plain words. */
export const looksLikeKey = (text: string): boolean =>
  isKey(text) ||
  UUID.test(text) ||
  SECRET_IN_URL.test(text) ||
  /^(?=.*[A-Za-z])(?=.*[!#$%^&*])\S{8,}$/.test(text) ||
  (text.match(/[A-Za-z0-9]+/g) ?? []).some(isRandom);

/** Returns a text with `…` in place of each word that looks like a key. */
export const withoutSecrets = (text: string): string =>
  withoutKeys(text).replaceAll(/\S+/g, (word) => (looksLikeKey(word) ? '…' : word));

/** Describes a text that is not to be repeated. */
const described = (text: string): string =>
  `a string of ${text.length} characters${looksLikeKey(text) ? ' that looks like a key (keys are passed as { apiKey })' : ''}`;

/**
 * Formats a text of a caller for a message: quoted if it cannot be a key, or else described by its length.
 */
export const quoted = (text: string): string => (isQuotable(text) ? JSON.stringify(text) : described(text));

/**
 * Formats the name that a caller gave to a model, a condition or a voter: quoted, because it appears in results
 * anyway, unless it looks like a key. Needs no list of words, which would be a third of the smallest bundle.
 */
export const quotedName = (name: unknown): string =>
  typeof name === 'string' && !looksLikeKey(name) ? JSON.stringify(cut(name)) : plainName(name);

/** Formats the same without quotation marks, for lists of names. */
export const plainName = (name: unknown): string => {
  if (typeof name !== 'string')
    return typeof name === 'number' ? String(name) : `a name of type ${typeof name}`;
  return looksLikeKey(name) ? described(name) : cut(name);
};

const cut = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);

/** Formats a path for a message. The parts of it that look like keys are left out. */
export const shownPath = (path: string): string => {
  if (isKey(path) || SECRET_IN_URL.test(path) || !/[/\\.]/.test(path)) {
    return looksLikeKey(path) ? described(path) : path;
  }
  return path
    .split(/([/\\])/)
    .map((part) => (looksLikeKey(part) ? '…' : part))
    .join('');
};
