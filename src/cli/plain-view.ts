import stringWidth from 'string-width';
import { printable } from '../rendering/printable.ts';
import { callLine } from './call-lines.ts';
import type { Output } from './output.ts';
import type { Paint } from './paint.ts';
import { summaryLines } from './summary-lines.ts';
import type { View } from './view.ts';

const COLUMNS = 160;

/** A view for pipes and files: prints one line when a call settles, then the result, without control codes. */
export const plainView = (output: Output): View => {
  const paint: Paint = (_, text) => text;
  return {
    update: ({ calls }, event) => {
      if (event.type !== 'settled') return;
      const call = calls[event.index];
      const nameWidth = Math.max(...calls.map(({ model }) => stringWidth(printable(model, 24))));
      if (call !== undefined) output.print(callLine(call, nameWidth, { paint, columns: COLUMNS }));
    },
    complete: (_, prediction) => output.print('', ...summaryLines(prediction, paint)),
    fail: () => {},
  };
};
