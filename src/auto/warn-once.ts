const warned = new Set<string>();

/** Prints each warning once on the console. */
export const warnOnce = (warning: string): void => {
  if (warned.has(warning)) return;
  warned.add(warning);
  // biome-ignore lint/suspicious/noConsole: a caller that wants it elsewhere passes onWarning
  console.warn(`crucible-ensemble: ${warning}`);
};
