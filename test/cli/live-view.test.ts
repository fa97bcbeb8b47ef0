import { describe, expect, it } from 'vitest';
import { fileOf, jsonLines, recorded } from './recording.ts';
import { runCommand } from './run-command.ts';
import { screenOf } from './screen.ts';

const question = 'What is 17 * 23?';
const show = async (texts: readonly string[], flags: readonly string[] = [], env = { NO_COLOR: '1' }) => {
  const path = fileOf(jsonLines(recorded(question, ...texts)));
  return runCommand([question, '--replay', path, ...flags], { isTTY: true, env });
};

describe('on a terminal, crucible-ensemble', () => {
  it('redraws calls and votes in place, one line each, with the result below', async () => {
    const { stdout } = await show(['391', '389', '391', 'no idea', '391'], ['-n', 'numeric']);
    expect(screenOf(stdout).map((line) => line.replaceAll(/\d\.\d\d s/g, '0.00 s'))).toEqual([
      '✓ a    0.00 s                   391',
      '✓ b    0.00 s                   389',
      '✓ c    0.00 s                   391',
      '○ d    0.00 s                   abstained: a number was not found',
      '✓ e    0.00 s                   391',
      '',
      '  391  ██████████████░░░░░░░░░░  3',
      '  389  █████░░░░░░░░░░░░░░░░░░░  1',
      '',
      'answer     391',
      'consensus  75 % of 4 votes (391: 3, 389: 1)',
      'cost       unknown',
      'latency    0.00 s',
      'warning    d abstained: a number was not found',
      '',
    ]);
  });

  it('shows models that were not called, and calls in flight', async () => {
    const { stdout } = await show(['391', '391', '389'], ['-e', 'sequential']);
    expect(stdout).toMatch(/⠋ a .* waiting/);
    expect(screenOf(stdout)).toContain('· c                             not called');
  });

  it('shows hostile answers and model names escaped', async () => {
    const clipboard = '\u001b]52;c;cm0gLXJm\u0007';
    const path = fileOf(
      jsonLines({
        question,
        responses: [
          { model: `a${clipboard}`, text: `391${clipboard}\u009b2J\n\u202e193` },
          { model: 'b', text: `391${clipboard}` },
        ],
      }),
    );
    const { stdout, stderr } = await runCommand([question, '--replay', path], { isTTY: true });
    // The screen throws on unknown control sequences.
    const screen = screenOf(stdout + stderr).join('\n');
    expect(screen).toContain('\\x1b]52;c;cm0glxjm\\x07');
    expect(screen).toContain('text       391\\x1b]52;c;cm0gLXJm\\x07\\x9b2J ⏎ \\u{202e}193');
    expect(screen).toContain('a\\x1b]52;c;');
  });

  it('uses colours, unless NO_COLOR is set', async () => {
    expect((await show(['391'], [], { NO_COLOR: '' })).stdout).toContain('\u001b[32m');
    expect((await show(['391'])).stdout).not.toContain('\u001b[32m');
  });

  it.each(['dumb', 'xterm'])('writes no control codes without a capable terminal: TERM=%s', async (TERM) => {
    const path = fileOf(jsonLines(recorded(question, '391')));
    const { stdout } = await runCommand([question, '--replay', path], {
      isTTY: TERM === 'dumb',
      env: { TERM },
    });
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('answer     391\n');
  });

  it('clears the live votes if there is no prediction, because standard error lists the calls', async () => {
    const { code, stdout, stderr } = await show(['391', '389'], ['-s', 'unanimous']);
    expect(code).toBe(1);
    expect(screenOf(stdout).join('')).toBe('');
    expect(stderr).toContain('391');
  });
});
