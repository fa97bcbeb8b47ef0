import type { QuerySettings } from '../../domain/query-settings.ts';
import { reasoningEfforts } from '../../domain/reasoning-effort.ts';
import { between, faultsOf, nonEmpty, oneOf, suchThat, wholeNumber } from '../../options.ts';

const texts = suchThat(
  'an array of texts that are not empty',
  (value) => Array.isArray(value) && value.every((text) => nonEmpty(text) === undefined),
);

/** The checks of the settings of a query. */
const querySettings = {
  maxOutputTokens: wholeNumber(1),
  temperature: between(0, 2),
  topP: between(0, 1),
  topK: wholeNumber(1),
  presencePenalty: between(-2, 2),
  frequencyPenalty: between(-2, 2),
  stopSequences: texts,
  seed: suchThat('a whole number', Number.isSafeInteger),
  reasoningEffort: oneOf(Object.keys(reasoningEfforts), ''),
} as const satisfies Record<keyof QuerySettings, unknown>;

/** Faults of the settings of a query or of an ensemble. */
export const settingsFaults = (owner: string, settings: unknown): string[] =>
  settings === undefined ? [] : faultsOf(`${owner}: settings`, settings, querySettings);

/** How other libraries and providers spell settings, without underscores and in lower case. */
const spellings: Readonly<Record<string, keyof QuerySettings>> = {
  maxtokens: 'maxOutputTokens',
  maxcompletiontokens: 'maxOutputTokens',
  stop: 'stopSequences',
  reasoning: 'reasoningEffort',
};

/** Returns the setting that a name means, as other libraries and providers spell it. */
export const settingMeant = (name: string): keyof QuerySettings | undefined => {
  const plain = name.replaceAll('_', '').toLowerCase();
  const names = Object.keys(querySettings) as (keyof QuerySettings)[];
  return names.find((setting) => setting.toLowerCase() === plain) ?? spellings[plain];
};
