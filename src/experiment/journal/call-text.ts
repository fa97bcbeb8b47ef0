import { answerKey } from '../../domain/answer-key.ts';
import { ConfigError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Model } from '../../domain/model.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { requestText } from '../../policies/request-key.ts';

/** A model as far as a recorded call depends on it. */
export type AskedModel = Omit<Model, 'call'>;

/**
 * Returns the canonical JSON of what is asked in a call: the model with its settings, the whole request and the number of
 * the sample. Neither the row of a dataset nor its right answer is part of it.
 *
 * @throws {ConfigError} if the settings of the model are not plain data.
 */
export const callText = (model: AskedModel, request: ModelRequest): string => {
  const text = requestText(model, request);
  const { settings } = model;
  return isObject(settings) ? `${text.slice(0, -1)},"settings":${settingsText(model.id, settings)}}` : text;
};

/** Releases up to 0.1.0 recorded calls without settings. `undefined` if the text is that of today. */
export const earlierCallText = (model: AskedModel, request: ModelRequest): string | undefined =>
  isObject(model.settings) ? requestText(model, request) : undefined;

const settingsTexts = new WeakMap<object, string>();

const settingsText = (model: string, settings: object): string => {
  const known = settingsTexts.get(settings);
  if (known !== undefined) return known;
  try {
    const text = answerKey(settings);
    settingsTexts.set(settings, text);
    return text;
  } catch {
    throw new ConfigError([
      `"settings" of model ${quotedName(model)} must be plain data, such as { temperature: 0.2 }`,
    ]);
  }
};
