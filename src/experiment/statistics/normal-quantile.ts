/** The value of a polynomial at x; coefficients begin with the constant. */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

/** Coefficients of numerator and denominator: near the centre, in the tails, and far out in the tails. */
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const;
const TAIL = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const FAR_TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const;

/**
 * The quantile of the standard normal distribution, to 16 digits. The function of `simple-statistics` has three digits,
 * which would distort every interval.
 *
 * M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export const normalQuantile = (probability: number): number => {
  const fromMiddle = probability - 0.5;
  if (Math.abs(fromMiddle) <= 0.425) {
    const x = 0.180625 - fromMiddle ** 2;
    return (fromMiddle * polynomial(CENTRE[0], x)) / polynomial(CENTRE[1], x);
  }
  const depth = Math.sqrt(-Math.log(Math.min(probability, 1 - probability)));
  if (depth === Number.POSITIVE_INFINITY) return Math.sign(fromMiddle) * depth;
  const [[above, below], x] = depth <= 5 ? [TAIL, depth - 1.6] : [FAR_TAIL, depth - 5];
  return (Math.sign(fromMiddle) * polynomial(above, x)) / polynomial(below, x);
};
