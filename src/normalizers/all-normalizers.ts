/** Every normalizer, for the namespace `normalizers`. */
export { boolean } from './boolean.ts';
export { choice } from './choice.ts';
export { json } from './json.ts';
export { lowercaseTrim } from './lowercase-trim.ts';
export { marked } from './marked.ts';
export { numeric } from './numeric.ts';
export { schema } from './schema.ts';
export { text } from './text.ts';
export { toolCalls } from './tool-calls.ts';
