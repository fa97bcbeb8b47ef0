/** Describes a position of a text for messages. Both count from 1. */
export const lineAndColumn = (text: string, position: number): string => {
  const before = text.slice(0, position);
  return `line ${before.split('\n').length}, column ${position - before.lastIndexOf('\n')}`;
};
