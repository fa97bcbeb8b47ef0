import { hash } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it.each(['', 'Paris', '½ ١٢ 😀', 'lone \ud800 surrogate', 'x'.repeat(100_000)])(
  'gives the same digest on every platform: %.20s',
  async (text) => {
    const { sha256 } = await import('../../../src/experiment/journal/journal-digest.ts');
    const atOnce = await sha256(text);
    vi.resetModules();
    vi.stubGlobal('process', undefined);
    const { sha256: elsewhere } = await import('../../../src/experiment/journal/journal-digest.ts');
    const digest = vi.spyOn(crypto.subtle, 'digest');
    expect(await elsewhere(text)).toBe(atOnce);
    expect(digest).toHaveBeenCalledOnce();
    expect(atOnce).toBe(hash('sha256', text, 'base64url'));
    digest.mockRestore();
  },
);
