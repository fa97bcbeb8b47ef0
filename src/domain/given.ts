/** Returns the properties that are not `undefined`, for optional properties that must be absent rather than `undefined`. */
export const given = <T extends object>(properties: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
