import { isObject } from '../../domain/is-object.ts';
import type { JsonValue } from '../json/json-value.ts';
import { dateForm } from './date-form.ts';

/** Which spellings of a text are alike. */
export interface Spelling {
  /** Whether capitals and small letters are. */
  readonly fold: boolean;
  /** Whether the forms of a date are, and those of a time. */
  readonly dates: boolean;
}

/** Texts without blanks around and in one form of Unicode, as in each spelling, and nothing else. */
export const asWritten: Spelling = { fold: false, dates: false };

/** Returns the key of a value of JSON: equal for equal values. Numbers are compared by value, and texts as `spelling` says. */
export const valueKey = (value: JsonValue, spelling: Spelling): string => {
  if (typeof value === 'string') return textKey(value.normalize('NFC').trim(), spelling);
  // 0 and -0 are written alike.
  if (!isObject(value)) return String(value);
  return Array.isArray(value)
    ? `[${value.map((item: JsonValue) => valueKey(item, spelling)).join(',')}]`
    : recordKey(value as Readonly<Record<string, JsonValue>>, spelling);
};

/** The same for an object, of which some members may be left out. */
export const recordKey = (
  record: Readonly<Record<string, JsonValue>>,
  spelling: Spelling,
  isLeftOut: (name: string, key: string) => boolean = () => false,
): string => {
  const members = Object.keys(record)
    .sort()
    .flatMap((name) => {
      const key = valueKey(record[name] as JsonValue, spelling);
      return isLeftOut(name, key) ? [] : [`${JSON.stringify(name)}:${key}`];
    });
  return `{${members.join(',')}}`;
};

const textKey = (text: string, { fold, dates }: Spelling): string => {
  const date = dates ? dateForm(text) : undefined;
  // Without quotation marks, so that it is no text.
  return date ?? JSON.stringify(fold ? text.toLowerCase() : text);
};
