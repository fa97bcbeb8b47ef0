import type { CanActivate, FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { McpSdk } from '../mcp/mcp-sdk.ts';
import type { EnsembleHandlerOptions } from '../server/create-ensemble-handler.ts';

/** What is served at a path, and to which clients: the options of `createEnsembleHandler`, with ensembles by name. */
export interface ServedOptions extends Omit<EnsembleHandlerOptions, 'ensembles'> {
  /** The names of the ensembles that clients may ask. Default: all. */
  readonly ensembles?: readonly string[];
  /** The module `@modelcontextprotocol/server`, to serve the ensembles as tools at `mcp`. Default: no tools. */
  readonly mcp?: McpSdk;
}

/** Where ensembles are served, with what is known when the module is declared. */
export interface ServePlace {
  /** The path of all routes, such as `ai` for `/ai/v1/chat/completions`. */
  readonly path: string;
  /** Guards of all routes, in addition to those of the application. */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** The modules that have what `guards` and `useFactory` inject. */
  readonly imports?: ModuleMetadata['imports'];
}

/** Where ensembles are served, and how the other options are made of what is injected. */
export interface ServeFactory extends ServePlace {
  readonly useFactory: (...injected: never[]) => ServedOptions | Promise<ServedOptions>;
  /** What `useFactory` receives. */
  readonly inject?: FactoryProvider['inject'];
}

/** Options of {@link EnsembleModule.serve}. */
export type ServeOptions = (ServePlace & ServedOptions) | ServeFactory;
