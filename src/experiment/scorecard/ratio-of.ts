/** The ratio of two amounts; `undefined` if it is not finite. */
export const ratioOf = (above: number | undefined, below: number | undefined): number | undefined => {
  const ratio = (above ?? Number.NaN) / (below ?? Number.NaN);
  return Number.isFinite(ratio) ? ratio : undefined;
};
