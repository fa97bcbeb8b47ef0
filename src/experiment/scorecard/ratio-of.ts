/** How many times as large one amount is as another; `undefined` where that is no number. */
export const ratioOf = (above: number | undefined, below: number | undefined): number | undefined => {
  const ratio = (above ?? Number.NaN) / (below ?? Number.NaN);
  return Number.isFinite(ratio) ? ratio : undefined;
};
