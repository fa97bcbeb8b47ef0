import {
  type ArgumentsHost,
  type DynamicModule,
  type FactoryProvider,
  RequestMethod,
  Scope,
} from '@nestjs/common';
import { concat, NEVER, of, throwError } from 'rxjs';
import { marbles } from 'rxjs-marbles';
import { describe, expect, it, vi } from 'vitest';
import {
  AllModelsFailedError,
  BudgetExceededError,
  ConfigError,
  type CrucibleError,
  createEnsemble,
  defineModel,
  type StreamEvent,
} from '../../src/index.ts';
import {
  EnsembleExceptionFilter,
  EnsembleHealthIndicator,
  EnsembleModule,
  EnsembleRegistry,
  getEnsembleToken,
  InjectEnsemble,
  toMessageEvents,
} from '../../src/nest/nest.ts';
import { createCallers, RequestRefusal } from '../../src/server/server.ts';
import { controllerOf, made } from './serve-panels-as-nest.ts';

const answering = (text: string) => createEnsemble({ models: [defineModel('a', () => text)], name: text });
const ensembles = { north: answering('north'), south: answering('south') };

const providerOf = ({ providers = [] }: DynamicModule, token: unknown): FactoryProvider =>
  providers.find((provider) => (provider as FactoryProvider).provide === token) as FactoryProvider;

describe('the registry', () => {
  it('has each ensemble by its name', async () => {
    const registry = new EnsembleRegistry({ ensembles });
    expect(registry.names).toEqual(['north', 'south']);
    expect((await registry.get('south').predict('where?')).answer).toBe('south');
  });

  it('needs no name for the only ensemble, and for the one named "default"', async () => {
    const only = new EnsembleRegistry({ ensembles: { north: ensembles.north } });
    expect((await only.get().predict('where?')).answer).toBe('north');
    const several = new EnsembleRegistry({ ensembles: { ...ensembles, default: answering('home') } });
    expect((await several.get().predict('where?')).answer).toBe('home');
  });

  it.each([undefined, 'west', 'toString', '__proto__'])('refuses the name %s', (name) => {
    const registry = new EnsembleRegistry({ ensembles });
    expect(() => registry.get(name)).toThrow(ConfigError);
    expect(() => registry.get(name)).toThrow('"north", "south"');
  });

  it.each([
    [undefined, 'expected an options object'],
    [{}, 'ensembles'],
    [{ ensembles: {} }, 'at least one ensemble'],
    [{ ensembles: { north: ensembles.north, south: {} } }, 'option "south" must be an ensemble'],
    [{ ensembles, graceMs: -1 }, 'graceMs'],
    [{ ensembles, grace: 1 }, 'grace'],
  ])('refuses %o', (options, message) => {
    expect(() => new EnsembleRegistry(options as never)).toThrow(ConfigError);
    expect(() => new EnsembleRegistry(options as never)).toThrow(message);
  });

  it('aborts what is running after the time of grace, and the rest once the server is closed', async () => {
    vi.useFakeTimers();
    try {
      const slow = createEnsemble({ models: [defineModel('slow', () => NEVER)], timeoutMs: 1e6 });
      const registry = new EnsembleRegistry({ ensembles: { slow }, graceMs: 5_000 });
      const ends: string[] = [];
      const ask = (name: string): Promise<unknown> =>
        registry
          .get()
          .predict('hard')
          .catch((error: Error) => ends.push(`${name}: ${(error.cause as Error).message}`));
      const first = ask('first');
      registry.beforeApplicationShutdown();
      await vi.advanceTimersByTimeAsync(4_999);
      expect([registry.isClosing, ends]).toEqual([true, []]);
      await vi.advanceTimersByTimeAsync(1);
      await first;
      expect(ends).toEqual([expect.stringMatching(/^first: the server is shutting down/)]);
      expect(vi.getTimerCount()).toBe(0);

      const other = new EnsembleRegistry({ ensembles: { slow } });
      const asked = other.get().predict('hard');
      other.beforeApplicationShutdown();
      void other.onApplicationShutdown();
      await expect(asked).rejects.toMatchObject({ cause: { code: 'shutting_down' } });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the module', () => {
  it('gives every module the registry, the health indicator and the default', async () => {
    const module = EnsembleModule.forRoot({ ensembles: { north: ensembles.north } });
    expect(module).toMatchObject({
      module: EnsembleModule,
      global: true,
      exports: [EnsembleRegistry, EnsembleHealthIndicator, getEnsembleToken()],
    });
    const registry = (await made(module, EnsembleRegistry, {
      ensembles: { north: ensembles.north },
    })) as EnsembleRegistry;
    expect(await made(module, getEnsembleToken(), registry)).toBe(registry.get('north'));
    expect(await made(module, EnsembleHealthIndicator, registry)).toBeInstanceOf(EnsembleHealthIndicator);
  });

  it('has a default only if it is injected, because several ensembles may have none', () => {
    const provider = providerOf(EnsembleModule.forRoot({ ensembles }), getEnsembleToken());
    expect(provider.scope).toBe(Scope.TRANSIENT);
    expect(() => provider.useFactory(new EnsembleRegistry({ ensembles }))).toThrow('give a name');
  });

  it('makes its options of what is injected', () => {
    const { providers, imports, global } = EnsembleModule.forRootAsync({
      imports: [class Config {}],
      inject: ['KEY'],
      useFactory: (key: string) => ({ ensembles: { [key]: ensembles.north } }),
    });
    expect([imports?.length, global]).toEqual([1, true]);
    expect(providers).toContainEqual(expect.objectContaining({ inject: ['KEY'] }));
  });

  it('provides ensembles by name', async () => {
    const module = EnsembleModule.forFeature('north', 'south');
    expect(module.exports).toEqual([getEnsembleToken('north'), getEnsembleToken('south')]);
    const registry = new EnsembleRegistry({ ensembles });
    expect(await made(module, getEnsembleToken('south'), registry)).toBe(registry.get('south'));
  });

  it('injects by the tokens', () => {
    class Answers {}
    InjectEnsemble()(Answers, undefined, 0);
    InjectEnsemble('south')(Answers, undefined, 1);
    expect(Reflect.getMetadata('self:paramtypes', Answers)).toEqual([
      { index: 0, param: getEnsembleToken() },
      { index: 1, param: getEnsembleToken('south') },
    ]);
  });
});

describe('a module that serves', () => {
  const registry = new EnsembleRegistry({ ensembles });

  it('mounts each route of a server at its path, for all methods, behind the guards', () => {
    class Guard {
      canActivate(): boolean {
        return true;
      }
    }
    const { controllers = [] } = EnsembleModule.serve({ path: 'ai', guards: [Guard] });
    const [controller] = controllers as [new () => object];
    expect(Reflect.getMetadata('path', controller)).toBe('ai');
    expect(Reflect.getMetadata('__guards__', controller)).toEqual([Guard]);
    const routes = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype))

      .filter(([name]) => name.startsWith('/'))
      .map(([, { value }]) => [Reflect.getMetadata('path', value), Reflect.getMetadata('method', value)]);
    expect(routes).toEqual(
      [
        '/',
        '/v1/predictions/recent',
        '/mcp',
        '/healthz',
        '/readyz',
        '/v1/models',
        '/v1/models/:id',
        '/v1/chat/completions',
        '/v1/responses',
        '/v1/messages',
        '/v1/predictions',
        '/v1/predictions/batch',
      ].map((path) => [path, RequestMethod.ALL]),
    );
  });

  it.each([
    [undefined, 'wrong type'],
    [{}, 'path'],
    [{ path: 1 }, 'path'],
    [{ path: 'ai', guards: {} }, 'guards'],
    [{ path: 'ai', useFactory: 1 }, 'useFactory'],
    [{ path: 'ai', useFactory: () => ({}), page: true }, 'page'],
  ])('refuses %o when it is declared', (options, message) => {
    expect(() => EnsembleModule.serve(options as never)).toThrow(ConfigError);
    expect(() => EnsembleModule.serve(options as never)).toThrow(message);
  });

  it.each([
    [{ path: 'ai', ensembles: ['west'] }, 'west'],
    [{ path: 'ai', concurrency: 0 }, 'concurrency'],
    [{ path: 'ai', useFactory: () => ({ hosts: [] }) }, 'hosts'],
    [{ path: 'ai', mcp: {} }, 'sdk'],
  ])('refuses %o when the application is created', async (options, message) => {
    await expect(controllerOf(options as never, registry)).rejects.toThrow(ConfigError);
    await expect(controllerOf(options as never, registry)).rejects.toThrow(message);
  });

  it('makes its options of what is injected', async () => {
    const callers = createCallers({ keys: [{ name: 'ann', sha256: 'a'.repeat(64) }] });
    const options = { path: 'ai', inject: ['CALLERS'], useFactory: async () => ({ callers }) };
    const [provider] = EnsembleModule.serve(options).providers as [FactoryProvider];
    expect(provider.inject).toEqual([EnsembleRegistry, 'CALLERS']);
    const handler = await provider.useFactory(registry, callers);
    expect((await handler.fetch(new Request('http://example.com/v1/models'))).status).toBe(401);
  });
});

describe('the exception filter', () => {
  const answered = (error: CrucibleError, type = 'http', headersSent = false) => {
    const sent: unknown[] = [];
    const headers: Record<string, string> = {};
    const reply = {
      headersSent,
      status: (status: number) => sent.push(status),
      header: (name: string, value: string) => Object.assign(headers, { [name]: value }),
      send: (body: object) => sent.push(body),
    };
    const host = { getType: () => type, switchToHttp: () => ({ getResponse: () => reply }) };
    new EnsembleExceptionFilter().catch(error, host as unknown as ArgumentsHost);
    return [...sent, headers];
  };
  const failed = new AllModelsFailedError([]);

  it('answers with the status and the words of the error', () => {
    expect(answered(failed)).toEqual([
      424,
      { statusCode: 424, error: 'AllModelsFailedError', message: failed.message },
      { 'x-should-retry': 'false' },
    ]);
    expect(answered(new BudgetExceededError('a', 'spent'))[0]).toBe(402);
    expect(answered(new ConfigError(['a question is missing']))[0]).toBe(400);
  });

  it('says when to ask again, and which field is at fault', () => {
    const facts = { status: 429, type: 't', code: 'c', message: 'm', param: 'p', retryAfterMs: 1_500 };
    expect(answered(new RequestRefusal(facts))).toEqual([
      429,
      { statusCode: 429, error: 'c', message: 'm', param: 'p' },
      { 'x-should-retry': 'false', 'retry-after': '2' },
    ]);
    expect(answered(new RequestRefusal({ ...facts, status: 503 }))[2]).toMatchObject({ connection: 'close' });
  });

  it('leaves a response that has begun, and what is no HTTP', () => {
    expect(answered(failed, 'http', true)).toEqual([{}]);
    expect(() => answered(failed, 'rpc')).toThrow(failed);
  });
});

describe('the health indicator', () => {
  const setUp = () => {
    const texts: (string | Error)[] = [];
    const model = defineModel('a', () => {
      const text = texts.shift();
      if (text instanceof Error) throw text;
      return text ?? NEVER;
    });
    const registry = new EnsembleRegistry({ ensembles: { panel: createEnsemble({ models: [model] }) } });
    const health = new EnsembleHealthIndicator(registry);
    const ask = async (...next: (string | Error)[]): Promise<void> => {
      for (const text of next) {
        texts.push(text);
        await registry
          .get()
          .predict('hard')
          .catch(() => undefined);
      }
    };
    return { registry, health, ask };
  };
  const down = new Error('down');

  it('is down after failures in a row, up again after an answer, and asks no model', async () => {
    const { health, ask } = setUp();
    await ask(down, down, down);
    expect(health.check('ensembles')).toEqual({
      ensembles: { status: 'up', ensembles: { panel: { status: 'up', failuresInARow: 0 } } },
    });
    await ask(down, down);
    expect(health.check('panels').panels.status).toBe('up');
    await ask(down);
    expect(health.check('panels').panels).toEqual({
      status: 'down',
      message: 'the last 3 predictions of panel failed',
      ensembles: { panel: { status: 'down', failuresInARow: 3 } },
    });
    expect(health.check('panels', { maxFailures: 4 }).panels.status).toBe('up');
    await ask('yes');
    expect(health.check('panels').panels.ensembles.panel?.failuresInARow).toBe(0);
    health.onApplicationShutdown();
    await ask(down);
    expect(health.check('panels').panels.ensembles.panel?.failuresInARow).toBe(0);
  });

  it('counts neither a cancelled prediction nor an invalid query, and forgets after a while', async () => {
    const { registry, health, ask } = setUp();
    health.check('panels');
    await ask(down, down);
    registry.get().predict$('hard').subscribe().unsubscribe();
    const controller = new AbortController();
    const asked = registry.get().predict('hard', { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toThrow('cancelled');
    await registry
      .get()
      .predict('')
      .catch(() => undefined);
    expect(health.check('panels').panels.ensembles.panel?.failuresInARow).toBe(2);
    await ask(down);
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now');
    clock.mockReturnValue(now + 59_000);
    expect(health.check('panels').panels.status).toBe('down');
    clock.mockReturnValue(now + 61_000);
    expect(health.check('panels').panels.status).toBe('up');
    clock.mockRestore();
  });

  it('is down while the application shuts down, and refuses invalid options', async () => {
    const { registry, health } = setUp();
    expect(() => health.check('panels', { maxFailures: 0 })).toThrow(ConfigError);
    registry.beforeApplicationShutdown();
    expect(health.check('panels').panels).toMatchObject({
      status: 'down',
      message: 'the application is shutting down',
    });
    await registry.onApplicationShutdown();
  });
});

describe('events of a stream as server-sent events', () => {
  const start = { sequence: 0, type: 'call-start', model: 'a', call: 0, index: 0 } as const;

  it('have the name and the form of those of the server', async () => {
    const events: object[] = [];
    await ensembles.north
      .stream('where?')
      .pipe(toMessageEvents())
      .forEach((event) => {
        events.push(event);
      });
    expect(events[0]).toEqual({ type: 'call-start', data: start });
    expect(events.at(-1)).toMatchObject({ type: 'complete', data: { prediction: { answer: 'north' } } });
    expect(JSON.stringify(events)).not.toContain('where?');
  });

  it(
    'end with an error as an event, unless it is the first',
    marbles((m) => {
      const failed = new AllModelsFailedError([]);
      const error = {
        message: failed.message,
        type: 'ensemble_error',
        code: failed.name,
        param: null,
        status: 424,
      };
      const events: Record<string, StreamEvent> = { a: start };
      const sent = { b: { type: 'call-start', data: start }, e: { type: 'error', data: { error } } };
      m.expect(m.hot('--a--#', events, failed).pipe(toMessageEvents())).toBeObservable('--b--(e|)', sent);
      m.expect(m.hot('-----#', events, failed).pipe(toMessageEvents())).toBeObservable(
        '-----#',
        sent,
        failed,
      );
      const cold$ = concat(
        of(start as StreamEvent),
        throwError(() => failed),
      ).pipe(toMessageEvents());
      // Each subscriber has a beginning of its own.
      m.expect(cold$).toBeObservable('(be|)', sent);
      m.expect(cold$).toBeObservable('(be|)', sent);
    }),
  );
});
