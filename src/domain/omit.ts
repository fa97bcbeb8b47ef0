/** Returns an object without some of its properties. */
export const omit = <T extends object, const Name extends keyof T>(
  object: T,
  names: readonly Name[],
): Omit<T, Name> => {
  const rest = { ...object };
  for (const name of names) delete rest[name];
  return rest;
};
