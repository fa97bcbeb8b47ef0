/**
 * Whether the data of an event says nothing: `{}`, `null`, `[DONE]`, or a word such as `ping`. Data with a part of an object
 * does, because it may be a piece of an answer that is broken.
 */
export const saysNothing = (data: string): boolean => /^(?:[^{}"<]*|"[^{}"<]*"|\{\s*\})$/.test(data.trim());
