import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import type { View } from './view.ts';

/** A view for programs: prints the prediction as one JSON document, and nothing before it. */
export const jsonView = (output: Output): View => ({
  update: () => {},
  complete: (_, prediction) => output.print(printableJson(prediction)),
  fail: () => {},
});
