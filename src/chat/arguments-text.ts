/** The arguments of a tool call as the text that the APIs of OpenAI have. */
export const argumentsText = (input: unknown): string =>
  typeof input === 'string' ? input : JSON.stringify(input);
