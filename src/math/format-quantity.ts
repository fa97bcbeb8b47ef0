import { type Quantity, SLACK, sizeOf } from './quantity.ts';
import { isWhole } from './rational.ts';
import { stop, TOO_LARGE } from './unreadable.ts';

/** The significant digits of a value that is no whole number, by default. */
export const DIGITS = 10;

/** The rounding error up to which a value near 0 counts as 0. */
const ERROR_OF_ZERO = 1e-10;

/** How values are written in keys. */
export interface Rounding {
  /** The number of significant digits of a value that is no whole number. */
  readonly digits: number;
  /** Whether a value that is rounded to a whole number counts as that number. */
  readonly joinsWhole: boolean;
}

/**
 * Returns the text under which a value is counted: a whole number in full, any other rounded to significant digits. Reading
 * stops if the value is not known so exactly.
 */
export function formatQuantity(value: Quantity, rounding: Rounding): string {
  const { exact, re, im } = value;
  if (exact !== undefined)
    return isWhole(exact) ? String(exact.over) : decimal(re || stop(TOO_LARGE), rounding);
  const size = sizeOf(value);
  if (!Number.isFinite(size)) stop(TOO_LARGE);
  const bound = SLACK * value.error;
  if (bound > (size <= bound ? ERROR_OF_ZERO : size * 0.1 ** (rounding.digits + 1)))
    stop('its value is not known exactly enough');
  const format = (part: number): string => {
    const near = Math.round(part);
    return Math.abs(part - near) <= bound && Number.isSafeInteger(near)
      ? String(near + 0)
      : decimal(part, rounding);
  };
  const [real, imaginary] = [format(re), format(im).replace(/^(-?)1$/, '$1')];
  if (imaginary === '0') return real;
  return `${real === '0' ? '' : real}${real === '0' || im < 0 ? '' : '+'}${imaginary}i`;
}

function decimal(value: number, { digits, joinsWhole }: Rounding): string {
  const rounded = value.toPrecision(digits);
  // Not "3" for 3.00000000001: its zeros tell it from the whole number.
  return Number.isInteger(Number(rounded)) && !joinsWhole ? rounded : String(Number(rounded));
}
