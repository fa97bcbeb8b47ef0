import { LATEX_FRACTION, TYPE_COMMANDS } from '../reading/latex.ts';
import { matchAt } from '../reading/sticky.ts';
import { readDigits } from './number-digits.ts';
import { type Mark, OPAQUE } from './number-marks.ts';

/** Returns the value of the fraction at `at`, `{ end }` if it is one of expressions, `undefined` if none is there. */
export function latexFraction(text: string, at: number): { value?: number; end: number } | undefined {
  const match = matchAt(LATEX_FRACTION, text, at);
  if (match === null)
    return /^\\[dtc]?frac(?![a-z])/.test(text.slice(at, at + 8)) ? { end: at + 5 } : undefined;
  const [written, braced, digit, bracedDivisor, divisorDigit] = match;
  const dividend = signedNumber(braced ?? digit ?? '');
  const divisor = signedNumber(bracedDivisor ?? divisorDigit ?? '');
  const end = at + written.length;
  if (dividend === undefined || divisor === undefined || divisor === 0) return { end };
  return { value: dividend / divisor, end };
}

function signedNumber(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^\s*([+\u2212-]?)\s*([\d.].*?)\s*$/.exec(text) ?? [];
  const { plain, end, why, isUnclear } = readDigits(digits, 0);
  if (digits === '' || end !== digits.length || why !== undefined || isUnclear === true) return undefined;
  return sign === '' || sign === '+' ? Number(plain) : -Number(plain);
}

/** Commands that only set type, or the limits of mathematics. */
const silent = new Set([
  ...TYPE_COMMANDS,
  ...(
    'left right big Big bigl bigr Bigl Bigr bigg displaystyle textstyle boxed fbox underline bf rm it angle triangle measuredangle ' +
    'limits nolimits color unit si SI qty'
  ).split(' '),
]);

const marks: Readonly<Record<string, string>> = {
  times: '×',
  cdot: '×',
  ast: '×',
  div: '÷',
  approx: '≈',
  sim: '~',
  simeq: '≈',
  cong: '≈',
  thickapprox: '≈',
  doteq: '≈',
  pm: '±',
  mp: '±',
  circ: '°',
  degree: '°',
  percent: '%',
  leq: '<',
  le: '<',
  geq: '<',
  ge: '<',
  lt: '<',
  gt: '<',
  neq: '<',
  ne: '<',
  ll: '<',
  gg: '<',
  in: '<',
  leqslant: '<',
  geqslant: '<',
  Rightarrow: '⇒',
  implies: '⇒',
  therefore: '⇒',
  to: '⇒',
  rightarrow: '⇒',
  longrightarrow: '⇒',
  iff: '⇒',
  ldots: '…',
  dots: '…',
  cdots: '…',
  pounds: '$',
  euro: '$',
  yen: '$',
};

const greek: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  theta: 'θ',
  lambda: 'λ',
  mu: 'μ',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  varphi: 'φ',
  omega: 'ω',
  Omega: 'Ω',
  Delta: 'Δ',
  ell: 'ℓ',
};

/** Returns the mark or the letter that the command at `at` shows; {@link OPAQUE} if it is none that a number has. */
export function latexMark(text: string, at: number): Mark {
  const [command = '\\'] = matchAt(/\\(?:[a-zA-Z]+|[\s\S])?/y, text, at) ?? [];
  const end = at + command.length;
  const name = command.slice(1);
  if (/^[()[\]]$/.test(name)) return { mark: '', end };
  if (name === '\\') return { mark: '.', end };
  if (name === '{' || name === '}') return { mark: name === '{' ? '[' : ']', end };
  if (/^[$%#&_]$/.test(name)) return { mark: name === '$' || name === '%' ? name : '', end };
  const isLine = name === 'overline' && /^\{[A-Z]/.test(text.slice(end, end + 2));
  if (isLine || silent.has(name)) return { mark: '', end };
  return { mark: marks[name] ?? greek[name] ?? OPAQUE, end };
}
