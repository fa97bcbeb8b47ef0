import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
  type Provider,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { omit } from '../domain/omit.ts';
import { createEnsembleMcp } from '../mcp/create-ensemble-mcp.ts';
import { checked, ofType, reading, required, suchThat } from '../options.ts';
import { createEnsembleHandler } from '../server/create-ensemble-handler.ts';
import { EnsembleHealthIndicator } from './ensemble-health-indicator.ts';
import { type EnsembleModuleOptions, EnsembleRegistry } from './ensemble-registry.ts';
import { getEnsembleToken } from './inject-ensemble.ts';
import { SERVED_HANDLER, type ServedHandler, serveController } from './serve-controller.ts';
import type { ServedOptions, ServeFactory, ServeOptions, ServePlace } from './serve-options.ts';

/** Options of {@link EnsembleModule.forRootAsync}: `useFactory` with `inject`, `useClass` or `useExisting`, and `imports`. */
export type EnsembleModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  EnsembleModuleOptions,
  'createEnsembleOptions'
>;

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<EnsembleModuleOptions>()
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createEnsembleOptions')
    .build();

/**
 * Ensembles for an application of NestJS.
 *
 * @example
 * ```ts no-run
 * import { Module } from '@nestjs/common';
 * import { createEnsemble } from 'crucible-ensemble';
 * import { EnsembleModule } from 'crucible-ensemble/nest';
 *
 * const panel = createEnsemble({ models, normalization: 'numeric' });
 *
 * @Module({
 *   imports: [EnsembleModule.forRoot({ ensembles: { panel } }), EnsembleModule.serve({ path: 'ai' })],
 *   controllers: [QuestionsController],
 * })
 * class AppModule {}
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest knows modules by their class.
export class EnsembleModule {
  /**
   * Declares the ensembles of the application, once, in its root module. Every module can inject {@link EnsembleRegistry},
   * {@link EnsembleHealthIndicator}, and the ensemble that needs no name.
   *
   * The application throws a `ConfigError` that lists every fault of the options when it is created.
   */
  static forRoot(options: EnsembleModuleOptions): DynamicModule {
    return rootModule(ConfigurableModuleClass.forRoot(options));
  }

  /** The same with options that are made of what is injected, such as keys from a configuration. */
  static forRootAsync(options: EnsembleModuleAsyncOptions): DynamicModule {
    return rootModule(ConfigurableModuleClass.forRootAsync(options));
  }

  /**
   * Lets a module inject ensembles by name: `@InjectEnsemble('panel')`. A name that is not known is a `ConfigError` when the
   * application is created.
   */
  static forFeature(...names: readonly string[]): DynamicModule {
    const providers = names.map((name) => ensembleProvider(name));
    return { module: EnsembleModule, providers, exports: names.map(getEnsembleToken) };
  }

  /**
   * Serves the ensembles to HTTP clients as a controller: the routes of `createEnsembleHandler` below a path, for clients of OpenAI
   * and Anthropic, with its keys, budgets and limits. Guards, a global prefix and versions of the application hold. A client
   * that leaves aborts its prediction.
   *
   * Without `callers` it answers only at names of its own machine: give `callers`, or `hosts` if `guards` know the clients.
   *
   * @throws {ConfigError} if there is no path. Faults of the other options are one when the application is created.
   */
  static serve(options: ServeOptions): DynamicModule {
    const { path, guards, imports } = placeOf(options);
    const controller = serveController(path);
    UseGuards(...guards)(controller);
    return {
      module: EnsembleModule,
      imports: [...imports],
      controllers: [controller],
      providers: [handlerProvider(options)],
    };
  }
}

Module({})(EnsembleModule);

const aList = suchThat('a list', Array.isArray);

const placeSpecs = {
  path: required(ofType('string')),
  guards: [aList, []],
  imports: [aList, []],
  useFactory: ofType('function'),
  inject: aList,
} as const;

/** The options that are known when the module is declared. The handler checks the others. */
const placeOf = (options: ServeOptions) =>
  reading('EnsembleModule.serve', () =>
    checked<Partial<ServeFactory> & ServePlace, typeof placeSpecs>(
      'EnsembleModule.serve',
      'useFactory' in options
        ? options
        : ({ path: options.path, guards: options.guards, imports: options.imports } as ServePlace),
      placeSpecs,
    ),
  );

const rootModule = ({ providers = [], ...declared }: DynamicModule): DynamicModule => ({
  ...declared,
  module: EnsembleModule,
  global: true,
  providers: [
    ...providers,
    {
      provide: EnsembleRegistry,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: EnsembleModuleOptions) => new EnsembleRegistry(options),
    },
    {
      provide: EnsembleHealthIndicator,
      inject: [EnsembleRegistry],
      useFactory: (registry: EnsembleRegistry) => new EnsembleHealthIndicator(registry),
    },
    // Made when it is injected, because several ensembles may have no default.
    { ...ensembleProvider(), scope: Scope.TRANSIENT },
  ],
  exports: [EnsembleRegistry, EnsembleHealthIndicator, getEnsembleToken()],
});

const ensembleProvider = (name?: string) => ({
  provide: getEnsembleToken(name),
  inject: [EnsembleRegistry],
  useFactory: (registry: EnsembleRegistry) => registry.get(name),
});

const handlerProvider = (options: ServeOptions): Provider => {
  const [inject, served] =
    'useFactory' in options
      ? [options.inject ?? [], options.useFactory as (...injected: unknown[]) => Promise<ServedOptions>]
      : [[], () => omit(options, ['path', 'guards', 'imports'])];
  return {
    provide: SERVED_HANDLER,
    inject: [EnsembleRegistry, ...inject],
    useFactory: async (registry: EnsembleRegistry, ...injected: unknown[]) =>
      servedHandler(registry, await served(...injected)),
  };
};

const servedHandler = (
  registry: EnsembleRegistry,
  { ensembles: names = registry.names, mcp: sdk, ...options }: ServedOptions,
): ServedHandler => {
  const ensembles = Object.fromEntries(names.map((name) => [name, registry.get(name)]));
  const handler = createEnsembleHandler({ ...options, ensembles });
  const mcp = sdk && createEnsembleMcp({ sdk, handler });
  registry.closes({
    async close(closeOptions) {
      await handler.close(closeOptions);
      await mcp?.close();
    },
  });
  return {
    get isClosing() {
      return registry.isClosing;
    },
    fetch: (request) =>
      mcp !== undefined && new URL(request.url).pathname === '/mcp'
        ? mcp.fetch(request)
        : handler.fetch(request),
  };
};
