/** The longest question that is parsed, in characters. It also limits the depth of brackets. */
const MAX_LENGTH = 200;

const words: Readonly<Record<string, string>> = {
  plus: '+',
  minus: '-',
  times: '*',
  'multiplied by': '*',
  'divided by': '/',
  over: '/',
  'to the power of': '^',
  '×': '*',
  '·': '*',
  '÷': '/',
  '−': '-',
  '**': '^',
};

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

const tiers = ['+-', '*/', '^'] as const;

/** Evaluates numbers, operators and brackets by precedence. Returns `NaN` if they do not form an expression. */
const evaluate = (tokens: readonly string[]): number => {
  let position = 0;
  const parse = (tier: number): number => {
    const symbols = tiers[tier];
    if (symbols === undefined) return atom();
    let value = parse(tier + 1);
    while (position < tokens.length && symbols.includes(tokens[position] as string)) {
      const apply = operators[tokens[position] as string];
      position += 1;
      // Powers are right-associative, all other operators left-associative.
      value = apply?.(value, parse(symbols === '^' ? tier : tier + 1)) ?? Number.NaN;
    }
    return value;
  };
  const atom = (): number => {
    const token = tokens[position];
    position += 1;
    if (token === '-') return -atom();
    if (token !== '(') return token === undefined || token in operators ? Number.NaN : Number(token);
    const value = parse(0);
    position += 1;
    return tokens[position - 1] === ')' ? value : Number.NaN;
  };
  const value = parse(0);
  return position === tokens.length ? value : Number.NaN;
};

/**
 * Returns the result of the first arithmetic expression in a question, such as "What is 17 * (2 + 3)?". Returns
 * `undefined` if there is no expression or its result is not finite. Knows `+ - * / ^ ( )` and their names in words.
 */
export const solveArithmetic = (question: string): number | undefined => {
  if (question.length > MAX_LENGTH) return undefined;
  const symbolic = Object.entries(words).reduce(
    (text, [word, symbol]) => text.replaceAll(word, symbol),
    question.toLowerCase().replaceAll(',', ''),
  );
  const [expression] = symbolic.match(/[-(\d][\d\s.+\-*/^()]*[\d)]/) ?? [];
  const tokens = expression?.match(/\d+(?:\.\d+)?|[-+*/^()]/g) ?? [];
  if (!tokens.some((token, index) => index > 0 && token in operators)) return undefined;
  const value = evaluate(tokens);
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : undefined;
};
