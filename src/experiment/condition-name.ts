import type { Model } from '../domain/model.ts';

/** What an option is called in the name of a condition: `models` and texts by themselves, others as `name=value`. */
export const namedOption = (option: string, value: unknown): string => {
  if (Array.isArray(value)) return value.map((item: Model) => item.id).join('+');
  const name = nameOf(value);
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
    ? name
    : `${option}=${name}`;
};

const nameOf = (value: unknown): string => {
  const own: unknown = Reflect.get(Object(value), 'name');
  return typeof own === 'string' && own !== '' ? own : typeof value === 'object' ? 'custom' : String(value);
};
