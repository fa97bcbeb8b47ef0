/** Whether a value is an object, an array or an instance included; `null` and functions are not. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
