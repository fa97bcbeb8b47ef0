/** Parses a number; any other text stays a text, so that a message can quote it. */
export const toNumber = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
