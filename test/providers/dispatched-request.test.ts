import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DispatchedRequest } from '../../src/providers/openai-compatible/dispatched-request.ts';

const chunk = (text: string): Uint8Array => new TextEncoder().encode(text);
const controllerOf = () => ({ abort: vi.fn(), pause: vi.fn(), resume: vi.fn() });

const start = () => {
  const aborting = new AbortController();
  const remove = vi.spyOn(aborting.signal, 'removeEventListener');
  const onAnswered = vi.fn();
  const request = new DispatchedRequest(aborting.signal, onAnswered);
  const controller = controllerOf();
  return { request, controller, aborting, onAnswered, remove };
};

let started: ReturnType<typeof start>;
beforeEach(() => {
  started = start();
});

const begin = (): void => {
  const { request, controller } = started;
  request.onRequestStart(controller);
  request.onResponseStart(controller, 200, { 'x-request-id': 'req_1', 'set-cookie': ['a=1', 'b=2'] });
};

describe('a reply', () => {
  it('has the status, the headers, and the chunks in their order, whether they came before or after they were asked for', async () => {
    const { request, controller, onAnswered, remove } = started;
    begin();
    const { status, headers, body } = await request.reply;
    expect(status).toBe(200);
    expect(headers.get('x-request-id')).toBe('req_1');
    expect(headers.get('set-cookie')).toBe('a=1, b=2');
    expect(headers.get('retry-after')).toBeNull();
    request.onResponseData(controller, chunk('a'));
    const reading = Array.fromAsync(body);
    request.onResponseData(controller, chunk('b'));
    await Promise.resolve();
    request.onResponseData(controller, chunk('c'));
    request.onResponseEnd();
    expect(await reading).toEqual(['a', 'b', 'c'].map(chunk));
    expect(onAnswered).toHaveBeenCalled();
    expect(remove).toHaveBeenCalledOnce();
    expect(controller.abort).not.toHaveBeenCalled();
  });

  it('answers several reads at a time, in their order', async () => {
    const { request, controller } = started;
    begin();
    const reads = [request.next(), request.next(), request.next()];
    request.onResponseData(controller, chunk('a'));
    request.onResponseEnd();
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: chunk('a') },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('comes after an interim response, which is ignored', async () => {
    const { request, controller, onAnswered } = started;
    request.onRequestStart(controller);
    request.onResponseStart(controller, 103, { link: '</style.css>' });
    expect(onAnswered).not.toHaveBeenCalled();
    request.onResponseStart(controller, 404, {});
    expect((await request.reply).status).toBe(404);
  });

  it('pauses its connection while 64 KiB wait to be read', async () => {
    const { request, controller } = started;
    begin();
    request.onResponseData(controller, new Uint8Array(65_535));
    expect(controller.pause).not.toHaveBeenCalled();
    request.onResponseData(controller, new Uint8Array(1));
    expect(controller.pause).toHaveBeenCalledOnce();
    expect(controller.resume).not.toHaveBeenCalled();
    await request.next();
    expect(controller.resume).toHaveBeenCalledOnce();
  });
});

describe('a failure', () => {
  it('before the reply rejects it', async () => {
    const { request, onAnswered, remove } = started;
    const error = new Error('refused');
    request.onResponseError(undefined, error);
    await expect(request.reply).rejects.toBe(error);
    expect(onAnswered).toHaveBeenCalled();
    expect(remove).toHaveBeenCalledOnce();
  });

  it('within the body comes after the chunks that came before it', async () => {
    const { request, controller } = started;
    begin();
    request.onResponseData(controller, chunk('a'));
    const error = new Error('reset');
    request.onResponseError(controller, error);
    expect(await request.next()).toEqual({ done: false, value: chunk('a') });
    await expect(request.next()).rejects.toBe(error);
    const waiting = start();
    const reading = waiting.request.next();
    waiting.request.onResponseError(undefined, error);
    await expect(waiting.request.reply).rejects.toBe(error);
    await expect(reading).rejects.toBe(error);
  });
});

describe('an abort', () => {
  it('before the connection rejects at once, and ends the request as soon as it is about to be sent', async () => {
    const { request, controller, aborting, onAnswered } = started;
    aborting.abort('enough');
    await expect(request.reply).rejects.toBe('enough');
    expect(onAnswered).toHaveBeenCalled();
    request.onRequestStart(controller);
    expect(controller.abort).toHaveBeenCalledExactlyOnceWith('enough');
  });

  it('within the body closes the connection, and drops the chunks that were not read', async () => {
    const { request, controller, aborting } = started;
    begin();
    request.onResponseData(controller, chunk('a'));
    aborting.abort('enough');
    expect(controller.abort).toHaveBeenCalledExactlyOnceWith('enough');
    await expect(request.next()).rejects.toBe('enough');
  });

  it('after the end does nothing', async () => {
    const { request, controller, aborting } = started;
    begin();
    request.onResponseEnd();
    aborting.abort('enough');
    expect(controller.abort).not.toHaveBeenCalled();
    expect(await request.next()).toEqual({ done: true, value: undefined });
  });
});

it('closes the connection when the reader leaves before the end, and not when it leaves after it', async () => {
  const { request, controller } = started;
  begin();
  request.onResponseData(controller, chunk('a'));
  request.onResponseData(controller, chunk('b'));
  for await (const _ of request) break;
  expect(controller.abort).toHaveBeenCalledOnce();
  expect(await request.next()).toEqual({ done: true, value: undefined });
  const whole = start();
  whole.request.onRequestStart(whole.controller);
  whole.request.onResponseEnd();
  await whole.request.return();
  expect(whole.controller.abort).not.toHaveBeenCalled();
});
