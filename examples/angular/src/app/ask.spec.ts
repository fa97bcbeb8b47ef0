import { provideZonelessChangeDetection } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideEnsembleClient } from 'crucible-ensemble/angular';
import { Ask } from './ask';

const frame = (event: Readonly<Record<string, unknown>>): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const metadata = { votes: { paris: 1 }, consensus: 1, costUsd: 0.5, costSource: 'reported' };
const outcome = { status: 'answered', model: 'a', index: 0, response: { text: 'Paris' }, costUsd: 0.5 };
const frames = [
  frame({ type: 'call-start', call: 0, index: 0, model: 'a' }),
  frame({ type: 'call-end', call: 0, model: 'a', outcome }),
  frame({ type: 'consensus', votes: { paris: 1 }, consensus: 1 }),
  frame({ type: 'complete', prediction: { text: 'Paris', metadata, outcomes: [outcome] } }),
];

/** A server that answers with some of the frames of a prediction. */
const answering = (parts: readonly string[]): typeof fetch => {
  return () =>
    Promise.resolve(new Response(parts.join(''), { headers: { 'content-type': 'text/event-stream' } }));
};

const open = async (fetch: typeof globalThis.fetch): Promise<ComponentFixture<Ask>> => {
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideEnsembleClient({ url: 'http://localhost', ensemble: 'panel', fetch }),
    ],
  });
  const fixture = TestBed.createComponent(Ask);
  await fixture.whenStable();
  return fixture;
};

const textOf = (fixture: ComponentFixture<Ask>, selector: string): string =>
  (fixture.nativeElement as HTMLElement).querySelector(selector)?.textContent?.trim() ?? '';

describe('Ask', () => {
  it('asks nothing before it is told to', async () => {
    let requests = 0;
    const fixture = await open(() => {
      requests += 1;
      return new Promise(() => undefined);
    });
    expect(textOf(fixture, '#status')).toBe('No question yet');
    expect(requests).toBe(0);
  });

  it('shows the answer, the votes and the cost', async () => {
    const fixture = await open(answering(frames));
    fixture.componentInstance.asked.set({ question: 'Capital?', panel: 'panel' });
    await fixture.whenStable();
    expect(textOf(fixture, '#answer')).toBe('Paris');
    expect(textOf(fixture, '#votes')).toMatch(/paris\s+1/);
    expect(textOf(fixture, '#cost')).toContain('$0.50');
  });

  it('says that the connection was cut, and keeps the votes', async () => {
    const fixture = await open(answering(frames.slice(0, 3)));
    fixture.componentInstance.asked.set({ question: 'Capital?', panel: 'panel' });
    await fixture.whenStable();
    expect(textOf(fixture, '#status')).toBe('No answer');
    expect(textOf(fixture, '#error')).toContain('the connection ended');
    expect(textOf(fixture, '#votes')).toMatch(/paris\s+1/);
  });

  it('ends the request with the component', async () => {
    let signal: AbortSignal | undefined;
    const fixture = await open((_, init) => {
      signal = init?.signal ?? undefined;
      return new Promise(() => undefined);
    });
    fixture.componentInstance.asked.set({ question: 'Capital?', panel: 'panel' });
    fixture.detectChanges();
    await Promise.resolve();
    await Promise.resolve();
    expect(signal?.aborted).toBe(false);
    fixture.destroy();
    expect(signal?.aborted).toBe(true);
  });
});
