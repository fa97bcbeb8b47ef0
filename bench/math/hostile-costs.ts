import { math } from '../../src/math/math.ts';
import { hostileMath } from '../../test/math/hostile-math.ts';

/** The most that an answer may cost, in passes of `normalize('NFKC')` over 64 KB of text. */
const MOST_PASSES = 400;

/** How many times the cost may grow if a text is four times as long. In proportion to the square it would grow 16 times. */
const MOST_GROWTH = 10;

const normalize = math();

/** Returns the least duration of a call in ms: a busy machine only adds to it. */
const leastOf = (call: () => void, runs = 15): number =>
  Math.min(
    ...Array.from({ length: runs }, () => {
      const start = performance.now();
      call();
      return performance.now() - start;
    }),
  );

/** Prints what hostile answers cost, and how the cost grows with their length. Returns which of them cost too much. */
export const hostileCosts = (): string[] => {
  let round = 0;
  const pass = leastOf(
    () => `${'ab c1+(x)²é'.repeat(6000)}${round++}`.slice(0, 65_536).normalize('NFKC'),
    30,
  );
  // Of the longer ones, most have too many tokens to be parsed.
  const costs = [1950, 4000].flatMap((length) =>
    hostileMath(length).map(([name, text]) => ({
      name: `${name}, ${text.length} characters`,
      passes: leastOf(() => normalize(`<answer>${text}</answer>`)) / pass,
    })),
  );
  const sorted = costs.toSorted((one, other) => other.passes - one.passes);
  console.log(
    `\n${costs.length} hostile answers, in passes of normalize('NFKC') over 64 KB (${(1000 * pass).toFixed(0)} µs)`,
  );
  for (const { name, passes } of sorted.slice(0, 12))
    console.log(`  ${name.padEnd(40)}${passes.toFixed(1).padStart(8)}`);
  const long = hostileMath(2000);
  const short = new Map(hostileMath(500));
  const growths = long.map(([name, text]) => {
    const [one, two] = [short.get(name) ?? '', text].map((part) =>
      leastOf(() => normalize(`<answer>${part}</answer>`)),
    );
    return { name, growth: (two ?? 0) / Math.max(one ?? 0, pass / 4) };
  });
  const steepest = growths.toSorted((one, other) => other.growth - one.growth)[0];
  console.log(
    `  from 500 to 2,000 characters the cost grows at most ${steepest?.growth.toFixed(1)} times (${steepest?.name})`,
  );
  return [
    ...sorted
      .filter(({ passes }) => passes > MOST_PASSES)
      .map(({ name, passes }) => `${name} costs ${passes.toFixed(0)} passes, more than ${MOST_PASSES}`),
    ...growths
      .filter(({ growth }) => growth > MOST_GROWTH)
      .map(({ name, growth }) => `the cost of ${name} grows ${growth.toFixed(1)} times`),
  ];
};
