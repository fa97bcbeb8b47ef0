/**
 * The key under which the parts of the library hand each other what is not public data: a request carries the attempt
 * listener of its call, a response the report of its provider, an execution the snapshot of what it has learned. A
 * symbol, because it survives a spread and is left out when a value is written as JSON, cloned or sent.
 */
export const internal: unique symbol = Symbol('internal');
