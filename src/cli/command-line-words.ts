/** Messages of the library about options that the command line does not have, and what to do there instead. */
const WORDS: readonly (readonly [library: RegExp, commandLine: string])[] = [
  [/; set "(\w+)" of the experiment/g, '; write "$1" at the top of the file'],
  [/; make the call with runExperiment, or with onMiss: 'call'/g, '; make the call with run'],
  [/: raise the limit, or lower "maxOutputTokens"/g, ': ask for shorter answers'],
  [/: try again, or set "retry"/g, ': try again'],
  [/: set "rateLimit"(?: or "retry")?/g, ': try again later, or with a lower --concurrency'],
  [
    /; raise "maxOutputTokens"/g,
    '; raise maxOutputTokens with --provider-option, or in the "settings" of the model in a file',
  ],
  [
    /; wrap the models with statedConfidence\(.*'logprobs' if they have it/g,
    '; in a file for --ensemble, write members as { "model": "…", "confidence": "stated" }, or "logprobs" if they have it',
  ],
  [/^createEnsemble: (cascade|confident): /, '$1: '],
  [/^labelledBallots: /, ''],
  [/^runExperiment: option "(\w+)"/, '"$1"'],
];

/** Hints at the address of a provider. That of Ollama is in `OLLAMA_HOST`; for the others the command line takes none. */
const wordsOfAddress = (message: string): string =>
  /\bollama\//.test(message)
    ? message.replaceAll('"baseURL"', 'OLLAMA_HOST')
    : message
        .replace(
          /check (?:that the server is running, and "baseURL"|the host name in "baseURL", and the network)/g,
          'check the network',
        )
        .replaceAll('check "baseURL"', 'check the network, since something else may have answered');

/** Returns a message of the library in the words of the command line: its flags, fields and variables. */
export const inCommandLineWords = (message: string): string =>
  wordsOfAddress(WORDS.reduce((text, [library, commandLine]) => text.replace(library, commandLine), message));
