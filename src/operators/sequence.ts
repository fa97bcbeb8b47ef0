/**
 * Puts items back into order. The function takes an item with its index, from 0, and returns the items that are due.
 */
export const createSequence = <T>(): ((index: number, item: T) => readonly T[]) => {
  const held = new Map<number, T>();
  let due = 0;
  return (index, item) => {
    // As most of them are, in a steady flow.
    if (index === due && held.size === 0) {
      due += 1;
      return [item];
    }
    held.set(index, item);
    const ready: T[] = [];
    while (held.has(due)) {
      ready.push(held.get(due) as T);
      held.delete(due);
      due += 1;
    }
    return ready;
  };
};
