/** Returns the faults with which a call is refused; none if it is not refused. */
export const faultsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    return (error as { faults?: readonly string[] }).faults ?? [String(error)];
  }
  return [];
};
