/** A small programming task, with recorded answers. */
export interface Task {
  readonly name: string;
  /** Imports that the tests need from the code. */
  readonly uses: string;
  /** The assertions, each a test of its own. */
  readonly asserts: readonly string[];
  readonly right: string;
  readonly wrong: string;
}

const fence = '```';

/** An answer as models write it, with a word before and after the code. */
export const writtenAs = (code: string): string =>
  `Here is the module:\n\n${fence}js\n${code}\n${fence}\n\nHave fun!`;

/** The text of the tests of a task. */
export const testsOf = ({ uses, asserts }: Task): string =>
  [
    `import test from 'node:test';`,
    `import assert from 'node:assert/strict';`,
    `import { ${uses} } from './code.mjs';`,
    ...asserts.map((line, index) => `test('case ${index + 1}', () => { ${line} });`),
  ].join('\n');

const equal = (call: string, value: unknown): string =>
  `assert.deepEqual(${call}, ${JSON.stringify(value)});`;

export const tasks: readonly Task[] = [
  {
    name: 'gcd',
    uses: 'gcd',
    asserts: [equal('gcd(12, 18)', 6), equal('gcd(7, 0)', 7), equal('gcd(0, 5)', 5)],
    right: 'export const gcd = (a, b) => (b === 0 ? a : gcd(b, a % b));',
    wrong:
      'export const gcd = (a, b) => { for (let n = Math.min(a, b); n > 1; n--) if (a % n === 0 && b % n === 0) return n; return 1; };',
  },
  {
    name: 'leap year',
    uses: 'isLeap',
    asserts: [equal('isLeap(2024)', true), equal('isLeap(1900)', false), equal('isLeap(2000)', true)],
    right: 'export const isLeap = (y) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;',
    wrong: 'export const isLeap = (y) => y % 4 === 0;',
  },
  {
    name: 'reverse by character',
    uses: 'reverse',
    asserts: [equal("reverse('abc')", 'cba'), equal("reverse('a😀')", '😀a')],
    right: "export const reverse = (s) => [...s].reverse().join('');",
    wrong: "export const reverse = (s) => s.split('').reverse().join('');",
  },
  {
    name: 'median',
    uses: 'median',
    asserts: [equal('median([10, 9, 1])', 9), equal('median([1, 2])', 1.5)],
    right:
      'export const median = (all) => { const s = [...all].sort((a, b) => a - b); const m = (s.length - 1) / 2; return (s[Math.floor(m)] + s[Math.ceil(m)]) / 2; };',
    wrong:
      'export const median = (all) => { const s = [...all].sort(); return s[Math.floor(s.length / 2)]; };',
  },
  {
    name: 'roman numerals',
    uses: 'roman',
    asserts: [equal('roman(4)', 'IV'), equal('roman(1994)', 'MCMXCIV'), equal('roman(3)', 'III')],
    right:
      "const parts = [[1000,'M'],[900,'CM'],[500,'D'],[400,'CD'],[100,'C'],[90,'XC'],[50,'L'],[40,'XL'],[10,'X'],[9,'IX'],[5,'V'],[4,'IV'],[1,'I']];\nexport const roman = (n) => { let s = ''; for (const [v, t] of parts) while (n >= v) { s += t; n -= v; } return s; };",
    wrong:
      "const parts = [[1000,'M'],[500,'D'],[100,'C'],[50,'L'],[10,'X'],[5,'V'],[1,'I']];\nexport const roman = (n) => { let s = ''; for (const [v, t] of parts) while (n >= v) { s += t; n -= v; } return s; };",
  },
  {
    name: 'balanced brackets',
    uses: 'balanced',
    asserts: [
      equal("balanced('([])')", true),
      equal("balanced('([)]')", false),
      equal("balanced('(')", false),
    ],
    right:
      "const pairs = { ')': '(', ']': '[', '}': '{' };\nexport const balanced = (s) => { const open = []; for (const c of s) { if ('([{'.includes(c)) open.push(c); else if (c in pairs && open.pop() !== pairs[c]) return false; } return open.length === 0; };",
    wrong:
      "export const balanced = (s) => ['()', '[]', '{}'].every(([a, b]) => s.split(a).length === s.split(b).length);",
  },
  {
    name: 'unique in order',
    uses: 'unique',
    asserts: [equal('unique([3, 1, 3])', [3, 1]), equal("unique(['a'])", ['a'])],
    right: 'export const unique = (all) => [...new Set(all)];',
    wrong: 'export const unique = (all) => [...new Set(all)].sort();',
  },
  {
    name: 'chunks',
    uses: 'chunks',
    asserts: [equal('chunks([1, 2, 3], 2)', [[1, 2], [3]]), equal('chunks([], 2)', [])],
    right:
      'export const chunks = (all, size) => { const out = []; for (let i = 0; i < all.length; i += size) out.push(all.slice(i, i + size)); return out; };',
    wrong:
      'export const chunks = (all, size) => { const out = []; for (let i = 0; i + size <= all.length; i += size) out.push(all.slice(i, i + size)); return out; };',
  },
  {
    name: 'flatten',
    uses: 'flatten',
    asserts: [equal('flatten([1, [2, [3]]])', [1, 2, 3])],
    right: 'export const flatten = (all) => all.flat(Infinity);',
    wrong: 'export const flatten = (all) => all.flat();',
  },
  {
    name: 'word counts',
    uses: 'counts',
    asserts: [
      equal("counts('a b a')", { a: 2, b: 1 }),
      "assert.equal(counts('constructor').constructor, 1);",
    ],
    right:
      'export const counts = (s) => { const m = new Map(); for (const w of s.split(/\\s+/)) m.set(w, (m.get(w) ?? 0) + 1); return Object.fromEntries(m); };',
    wrong:
      'export const counts = (s) => { const m = {}; for (const w of s.split(/\\s+/)) m[w] = (m[w] ?? 0) + 1; return m; };',
  },
  {
    name: 'prime',
    uses: 'isPrime',
    asserts: [equal('isPrime(1)', false), equal('isPrime(2)', true), equal('isPrime(49)', false)],
    right:
      'export const isPrime = (n) => { if (n < 2) return false; for (let d = 2; d * d <= n; d++) if (n % d === 0) return false; return true; };',
    wrong:
      'export const isPrime = (n) => { for (let d = 2; d * d < n; d++) if (n % d === 0) return false; return true; };',
  },
  {
    name: 'debounced sum of async values',
    uses: 'total',
    asserts: ['return total([async () => 1, async () => 2]).then((sum) => assert.equal(sum, 3));'],
    right:
      'export const total = async (all) => { let sum = 0; for (const each of all) sum += await each(); return sum; };',
    wrong:
      'export const total = async (all) => { let sum = 0; all.forEach(async (each) => { sum += await each(); }); return sum; };',
  },
  {
    name: 'escape HTML',
    uses: 'escape',
    asserts: [equal("escape('<b>&amp;')", '&lt;b&gt;&amp;amp;')],
    right:
      "export const escape = (s) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');",
    wrong:
      "export const escape = (s) => s.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('&', '&amp;');",
  },
  {
    name: 'deep copy',
    uses: 'copy',
    asserts: ['const a = { b: [1] }; const c = copy(a); c.b.push(2); assert.deepEqual(a, { b: [1] });'],
    right: 'export const copy = (value) => structuredClone(value);',
    wrong: 'export const copy = (value) => ({ ...value });',
  },
  {
    name: 'binary search',
    uses: 'search',
    asserts: [equal('search([1, 3, 5], 5)', 2), equal('search([1, 3], 2)', -1), equal('search([], 2)', -1)],
    right:
      'export const search = (all, x) => { let [a, b] = [0, all.length - 1]; while (a <= b) { const m = (a + b) >> 1; if (all[m] === x) return m; if (all[m] < x) a = m + 1; else b = m - 1; } return -1; };',
    wrong:
      'export const search = (all, x) => { let [a, b] = [0, all.length - 1]; while (a < b) { const m = (a + b) >> 1; if (all[m] === x) return m; if (all[m] < x) a = m + 1; else b = m - 1; } return -1; };',
  },
  {
    name: 'query string',
    uses: 'query',
    asserts: [equal("query({ a: 'x y', b: 1 })", 'a=x+y&b=1')],
    right: 'export const query = (o) => new URLSearchParams(o).toString();',
    wrong: "export const query = (o) => Object.entries(o).map(([k, v]) => [k, v].join('=')).join('&');",
  },
  {
    name: 'parse a duration',
    uses: 'seconds',
    asserts: [equal("seconds('1h2m3s')", 3723), equal("seconds('90s')", 90)],
    right:
      'export const seconds = (s) => { const unit = { h: 3600, m: 60, s: 1 }; let sum = 0; for (const [, n, u] of s.matchAll(/(\\d+)([hms])/g)) sum += n * unit[u]; return sum; };',
    wrong:
      'export const seconds = (s) => { const [, h, m, x] = /(\\d+)h(\\d+)m(\\d+)s/.exec(s); return h * 3600 + m * 60 + +x; };',
  },
  {
    name: 'round to cents',
    uses: 'cents',
    asserts: [equal('cents(1.005)', 1.01), equal('cents(2.3)', 2.3)],
    right: "export const cents = (n) => Number(Math.round(Number(n + 'e2')) + 'e-2');",
    wrong: 'export const cents = (n) => Math.round(n * 100) / 100;',
  },
  {
    name: 'memoize',
    uses: 'memoize',
    asserts: [
      'let n = 0; const f = memoize((x) => { n++; return x; }); f(undefined); f(undefined); f(0); f(0); assert.equal(n, 2);',
    ],
    right:
      'export const memoize = (f) => { const known = new Map(); return (x) => { if (!known.has(x)) known.set(x, f(x)); return known.get(x); }; };',
    wrong: 'export const memoize = (f) => { const known = {}; return (x) => (known[x] ||= f(x)); };',
  },
  {
    name: 'a module that parses',
    uses: 'one',
    asserts: [equal('one', 1)],
    right: 'export const one = 1;',
    wrong: 'export const one = ;',
  },
];
