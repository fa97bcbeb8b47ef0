import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../../src/domain/errors.ts';
import { type AnswerOf, abstentionReason } from '../../src/domain/normalizer.ts';
import { type StandardSchema, schema } from '../../src/normalizers/schema.ts';

const city = schema(z.object({ city: z.string(), people: z.coerce.number().optional() }));

describe('schema', () => {
  it('yields what the schema makes of the JSON in a text', () => {
    expect(city('Sure:\n```json\n{"city": "Paris", "people": "2", "extra": 1}\n```')).toStrictEqual({
      city: 'Paris',
      people: 2,
    });
  });

  it('reads the text itself where that is what fits', () => {
    expect(schema(z.enum(['yes', 'no']))(' yes\n')).toBe('yes');
    expect(schema(z.coerce.number())('42')).toBe(42);
  });

  it('abstains with the first issue and where it is', () => {
    expect(abstentionReason(city('{"city": 1}'))).toMatch(
      /^the answer does not fit the schema: city: .*string/,
    );
    expect(abstentionReason(city('no JSON here'))).toContain('no JSON value');
  });

  it('abstains when the schema validates asynchronously', () => {
    const slow = z.string().refine(async () => Promise.resolve(true));
    expect(abstentionReason(schema(slow)('x'))).toContain('asynchronously');
    expect(abstentionReason(schema(slow)('"x"'))).toContain('asynchronously');
  });

  it('leaves no unhandled rejection when an asynchronous validation fails', async () => {
    const failing: StandardSchema<string> = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('later')) },
    };
    expect(abstentionReason(schema(failing)('x'))).toContain('asynchronously');
    // The runner fails on a rejection that is still unhandled after this turn.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('takes any Standard Schema', () => {
    const even: StandardSchema<number> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          typeof value === 'number' && value % 2 === 0
            ? { value }
            : { issues: [{ message: 'odd', path: [{ key: 'at' }, 0] }] },
      },
    };
    expect(schema(even)('4')).toBe(4);
    expect(abstentionReason(schema(even)('5'))).toBe('the answer does not fit the schema: at.0: odd');
  });

  it('refuses what is no schema', () => {
    // @ts-expect-error: not a Standard Schema
    expect(() => schema({ parse: () => 1 })).toThrow(ConfigError);
  });

  it('yields the type of the schema, without annotations', () => {
    expectTypeOf<AnswerOf<typeof city>>().toEqualTypeOf<{ city: string; people?: number | undefined }>();
  });
});
