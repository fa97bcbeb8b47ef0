import type { JSONObject } from '@ai-sdk/provider';

/** Returns plain data as JSON, without the properties that are `undefined`. */
export const toJson = (data: object): JSONObject => JSON.parse(JSON.stringify(data)) as JSONObject;
