import {
  type FaultServer,
  json,
  type Reply,
  reset,
  type SeenRequest,
  startFaultServer,
} from 'crucible-ensemble/testing';
import type { JuryItem } from '../../../src/experiment/experiment.ts';
import type { Model, Usage } from '../../../src/index.ts';
import { drawsFor } from '../../../src/models/random.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import { openaiChat } from '../../../src/testing/dialects/openai-chat.ts';
import { shownIn } from '../../deciders/judges.ts';

/** A server with three graders, and what it has billed. */
export interface GraderServer {
  readonly server: FaultServer;
  /** The replies with a text, readable or not. */
  readonly billed: () => number;
  /** Whether the flaky grader breaks at this prompt. */
  readonly breaksAt: (prompt: string) => boolean;
}

/** What a served call costs. */
export const PAID_USD = 0.025;

export const pricing = {
  priceOf: (_: unknown, { inputTokens = 0, outputTokens = 0 }: Usage) => ({
    usd: (inputTokens + outputTokens) / 1000,
  }),
  countTokens: (text: string) => Math.ceil(text.length / 4),
};

/** The quality that is written into an answer, from 1 to 9. */
export const qualityOf = (text: string): number => Number(/quality (\d)/.exec(text)?.[1]);

/** How much lower the harsh grader grades. */
export const HARSHNESS = 3;

// It depends on the prompt alone, so that the order of arrival does not matter.
const breaksAt = (prompt: string): boolean => drawsFor(`flaky ${prompt}`)() < 0.3;

const better = (texts: readonly string[]): string => {
  const [a = 0, b = 0] = texts.map(qualityOf);
  return a === b ? 'tie' : a > b ? 'A' : 'B';
};

/**
 * Serves three graders. `biased` grades well, and nearly always prefers the answer that stands first. `harsh` grades too low, and
 * prefers the better one. `flaky` grades and prefers well, and breaks at three of ten prompts, in one of three ways.
 */
export const startGraders = async (): Promise<GraderServer> => {
  const server = await startFaultServer();
  let billed = 0;
  server.answer((request: SeenRequest): Reply => {
    const { parts = [] } = openaiChat.read?.(request.json()) ?? {};
    const prompt = parts.map(({ text = '' }) => text).join('\n');
    const [, name = ''] = /"model":"(\w+)"/.exec(request.body) ?? [];
    const served = (text: string): Reply => {
      billed += 1;
      return json(openaiChat.answer({ text, usage: { inputTokens: 20, outputTokens: 5 } }));
    };
    if (name === 'flaky' && breaksAt(prompt)) {
      const kind = drawsFor(`how ${prompt}`)();
      return kind < 0.4
        ? served('I would rather not say.')
        : kind < 0.7
          ? json({ error: 'busy' }, { status: 503 })
          : reset();
    }
    const texts = [...shownIn(prompt).values()];
    const [text = ''] = texts;
    const grade =
      texts.length === 2
        ? name === 'biased' && drawsFor(`place ${prompt}`)() < 0.9
          ? 'A'
          : better(texts)
        : Math.max(1, qualityOf(text) - (name === 'harsh' ? HARSHNESS : 0));
    return served(JSON.stringify({ reason: `${name} says so`, grade }));
  });
  return { server, billed: () => billed, breaksAt };
};

export const GRADERS = ['biased', 'harsh', 'flaky'] as const;

export const graderOf = (id: string, baseURL: string): Model =>
  openaiCompatible(id, { id, apiKey: 'a key', baseURL: `${baseURL}/v1` });

const textOf = (quality: number, n: number): string => `Answer ${n}, of quality ${quality}.`;

/** 200 answers with qualities from 4 to 9. */
export const answers: readonly JuryItem[] = Array.from({ length: 200 }, (_, n) => ({
  id: `a${n}`,
  question: `Question ${n}?`,
  answer: textOf(4 + (n % 6), n),
}));

/** 200 pairs of answers with different qualities, each of two competitors. */
export const pairs: readonly JuryItem[] = Array.from({ length: 200 }, (_, n) => {
  const [first, second] = [1 + ((7 * n) % 9), 1 + ((7 * n + 1 + (n % 7)) % 9)];
  return {
    id: `p${n}`,
    question: `Question ${n}?`,
    answers: [textOf(first, n), textOf(second, n)],
    competitors: ['old', 'new'],
  };
});
