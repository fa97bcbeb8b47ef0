/** The oldest version of Node that runs the command line, as in `engines` of the package. */
const OLDEST: readonly [major: number, minor: number] = [22, 19];

/** Returns one sentence if this version of Node is too old. Runs on such versions. */
export const nodeFault = ({
  node = '',
  bun,
  deno,
}: Readonly<Record<string, string | undefined>>): string | undefined => {
  if (bun !== undefined || deno !== undefined) return undefined;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isSupported = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return isSupported
    ? undefined
    : `crucible-ensemble: Node ${OLDEST.join('.')} or later is needed, but this is Node ${node}: install a newer one from https://nodejs.org`;
};
