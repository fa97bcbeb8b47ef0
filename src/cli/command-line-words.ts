/** Messages of the library about options that the command line does not have, and what to do there instead. */
const WORDS: readonly (readonly [library: RegExp, commandLine: string])[] = [
  [
    /^tune: option "ballots" must have at least two for each of the (\d+) folds, but has (\d+): .*$/s,
    'tune needs two questions with a right answer and recorded answers for each of its $1 folds, but there are $2: add questions to the dataset, and run the experiment again',
  ],
  [
    /^tune: option "aim" has a maxCostUsd, but the cost of (.*) is unknown: .*$/s,
    '--max-cost-usd needs the cost of every model, but that of $1 is unknown: use --max-calls, or leave the model out of "conditions"',
  ],
  [
    /^tune: every ballot must have a vote of each model, but (\d+) of (\d+) have none of (.*): set "models".*$/s,
    '$1 of $2 questions have no recorded answer of $3: run the experiment with a condition that calls every model, or leave the model out of "conditions"',
  ],
  [
    /; apply the policy to the models, as in models\.map\((\w+)\(\)\)/g,
    '; remove it, or write the experiment as a module, in which models.map($1()) applies the policy to the models',
  ],
  [/; make the call with runExperiment, or with onMiss: 'call'/g, '; make the call with run'],
  [/: raise the limit, or lower "maxOutputTokens"/g, ': ask for shorter answers'],
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
        .replaceAll('"baseURL"', 'the network, since something else may have answered');

/** Returns a message of the library in the words of the command line: its flags, fields and variables. */
export const inCommandLineWords = (message: string): string =>
  wordsOfAddress(WORDS.reduce((text, [library, commandLine]) => text.replace(library, commandLine), message));
