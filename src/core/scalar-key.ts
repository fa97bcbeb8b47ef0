/**
 * The key under which a number, a boolean or a text is counted.
 *
 * @throws {TypeError} for any other answer.
 */
export const scalarKey = (answer: unknown): string => {
  if (typeof answer === 'string') return answer;
  if (typeof answer === 'boolean' || (typeof answer === 'number' && !Number.isNaN(answer)))
    return String(answer);
  throw new TypeError(
    'an answer must be a text, a number or a boolean; crucible-ensemble/values counts objects',
  );
};
