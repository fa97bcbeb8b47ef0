/** The maximum number of characters that a message repeats. */
export const LONGEST = 60;

/** No provider has keys as short as this. */
export const TOO_SHORT_FOR_A_KEY = 6;

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
export const described = (text: string): string =>
  `a string of ${text.length} characters${looksLikeKey(text) ? ' that looks like a key (keys are passed as { apiKey })' : ''}`;

/**
 * Formats the name that a caller gave to a model, a condition or a voter: quoted, because it appears in results
 * anyway, unless it looks like a key. Needs no list of words, which would add a fifth to the smallest bundle (measured).
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
