import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Imports, importsOf, layers, layoutOf, violationsOf } from '../../scripts/layout.ts';

/** A house without a fault; a test adds one. */
const sound: Imports = {
  'domain/model.ts': [],
  'options.ts': ['domain/errors.ts'],
  'domain/errors.ts': [],
  'policies/retry.ts': ['options.ts', 'domain/model.ts'],
  'engine/run.ts': ['policies/retry.ts', 'domain/model.ts'],
  'ensemble.ts': ['engine/run.ts'],
  'index.ts': ['ensemble.ts', 'domain/model.ts'],
};

const violations = (more: Imports): string[] => violationsOf(layoutOf({ ...sound, ...more }));

describe('the imports of a file', () => {
  it.each([
    [`import { retry } from '../policies/retry.ts';`, ['policies/retry.ts']],
    [`import type { Model } from '../domain/model.ts';`, ['domain/model.ts']],
    [`import {\n  call,\n  type Call,\n} from './call.ts';`, ['engine/call.ts']],
    [`export { call } from './call.ts';`, ['engine/call.ts']],
    [`export * from './call.ts';`, ['engine/call.ts']],
    [`import './call.ts';`, ['engine/call.ts']],
    [`const { call } = await import('./call.ts');`, ['engine/call.ts']],
    [`type Call = import('./call.ts').Call;`, ['engine/call.ts']],
    [`import { a } from './call.ts';\nimport { b } from './call.ts';`, ['engine/call.ts']],
    [
      `import {\n  // The caller's own; see below.\n  call,\n  /* Its; type */ type Call,\n} from './call.ts';`,
      ['engine/call.ts'],
    ],
    [`const { call } = await import(\n  // The call's own\n  './call.ts',\n);`, ['engine/call.ts']],
    [`const { call } = await import('./call.ts', { with: {} });`, ['engine/call.ts']],
    ['const { call } = await import(`./call.ts`);', ['engine/call.ts']],
    [`export { call as 'a call' } from './call.ts';`, ['engine/call.ts']],
    [`export const from = 'x';\nconst { a } = b.from('./call.ts');`, []],
    [`import { map } from 'rxjs';`, []],
    [` * import { call } from './call.ts';`, []],
  ])('are read, types included: %j', (text, imports) => {
    expect(importsOf('engine/run.ts', text)).toEqual(imports);
  });
});

describe('the layout', () => {
  it('counts rooms, floors and arrows', () => {
    const { rooms, floors, arrows, looseFiles } = layoutOf(sound);
    expect(rooms).toEqual(['domain', 'engine', 'ensemble', 'index', 'options', 'policies']);
    expect(looseFiles).toEqual(['options.ts', 'ensemble.ts', 'index.ts']);
    expect(floors).toBe(6);
    expect(arrows).toEqual([
      'engine → domain',
      'engine → policies',
      'ensemble → engine',
      'index → domain',
      'index → ensemble',
      'options → domain',
      'policies → domain',
      'policies → options',
    ]);
  });

  it('accepts imports of lower layers, and of other rooms in the same layer', () => {
    expect(violations({ 'strategies/hedged.ts': ['policies/retry.ts'] })).toEqual([]);
  });

  it('refuses an import from outside of src/', () => {
    const imports = importsOf('engine/run.ts', `import { marbles } from '../../test/marbles.ts';`);
    expect(violations({ 'engine/run.ts': imports })).toEqual([
      'src/test stands in no layer: name it in scripts/layout.ts',
    ]);
  });

  it('refuses an import of a higher layer', () => {
    expect(violations({ 'time/clock.ts': ['engine/run.ts'] })).toEqual([
      'a lower layer imports a higher one: time/clock.ts → engine/run.ts',
    ]);
  });

  it('refuses files that import each other', () => {
    expect(
      violations({
        'time/clock.ts': ['time/timer.ts'],
        'time/timer.ts': ['time/delay.ts'],
        'time/delay.ts': ['time/clock.ts'],
      }),
    ).toEqual(['files import each other: time/clock.ts, time/delay.ts, time/timer.ts']);
  });

  it('refuses a file that imports itself', () => {
    expect(violations({ 'time/clock.ts': ['time/clock.ts'] })).toEqual([
      'files import each other: time/clock.ts',
    ]);
  });

  it('refuses rooms that import each other through different files', () => {
    expect(
      violations({
        'strategies/hedged.ts': ['normalizers/reading/fold.ts'],
        'normalizers/reading/fold.ts': [],
        'normalizers/json.ts': ['strategies/majority.ts'],
        'strategies/majority.ts': [],
      }),
    ).toEqual(['rooms import each other: normalizers, strategies']);
  });

  it('refuses a fourth loose file, and a room that stands in no layer', () => {
    expect(violations({ 'helpers.ts': [] })).toEqual([
      'src/helpers stands in no layer: name it in scripts/layout.ts',
      '4 files lie loose in src/, at most 3 may: options.ts, ensemble.ts, index.ts, helpers.ts',
    ]);
  });

  it('refuses a folder that stands in no layer', () => {
    expect(violations({ 'misc/odds.ts': [] })).toEqual([
      'src/misc stands in no layer: name it in scripts/layout.ts',
    ]);
  });
});

describe('the drawing of the layers in CONTRIBUTING.md', () => {
  it('shows the layers that are checked', () => {
    const contributing = readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
    const drawing = layers.map((rooms) => `   ${rooms.join(' · ')}\n`).toReversed();
    expect(contributing).toContain(drawing.join('    ↓\n'));
  });
});
