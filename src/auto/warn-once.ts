const warned = new Set<string>();

/** Says a warning on the console, the first time that it is one. */
export const warnOnce = (warning: string): void => {
  if (warned.has(warning)) return;
  warned.add(warning);
  // biome-ignore lint/suspicious/noConsole: a caller who wants it elsewhere passes onWarning
  console.warn(`crucible-ensemble: ${warning}`);
};
