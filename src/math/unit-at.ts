import type { Cursor } from './cursor.ts';

/** Reads the unit at a place, with its powers and quotients: `km/h`, `m^2`, `per day`. Returns it without blanks. */
export function unitAt(cursor: Cursor): string {
  let unit = '';
  for (;;) {
    const isOperator = cursor.isAt('/·') && cursor.peek(1)?.kind === 'unit';
    const isPower = cursor.isAt('^') && (cursor.peek(1)?.kind === 'number' || cursor.isAt('{', 1));
    if (cursor.peek()?.kind === 'unit' || isOperator) unit += cursor.take().text;
    else if (isPower) {
      unit += cursor.take().text;
      const isGroup = cursor.takeIf('{');
      unit += `${cursor.takeIf('-') ?? ''}${cursor.take().text}`;
      if (isGroup) cursor.expect('}');
    } else return unit;
  }
}
