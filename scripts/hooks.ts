/**
 * Finds the hooks of the public API: the functions of a caller that the library may call. It follows the types from the
 * exports of all entries: what an exported function takes comes from the caller, what it gives comes from the library, and
 * the parameters of a function turn the direction around.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

/** The part of the compiler that is used here. */
interface Compiler {
  createProgram(files: readonly string[], options: object, host: Host): Program;
  createCompilerHost(options: object): Host;
  resolveModuleName(name: string, file: string, options: object, host: Host): { resolvedModule?: object };
  readonly ScriptTarget: { readonly ESNext: number };
  readonly ModuleKind: { readonly NodeNext: number };
  readonly ModuleResolutionKind: { readonly NodeNext: number };
  readonly SymbolFlags: { readonly Alias: number; readonly Value: number };
  readonly TypeFlags: { readonly Object: number; readonly Instantiable: number };
  readonly IndexKind: { readonly String: number };
}
interface Host {
  resolveModuleNameLiterals?: (
    names: readonly { readonly text: string }[],
    file: string,
  ) => readonly { readonly resolvedModule?: object | undefined }[];
}
interface Program {
  getTypeChecker(): Checker;
  getSourceFile(path: string): unknown;
}
interface Checker {
  getSymbolAtLocation(file: unknown): TypeSymbol;
  getExportsOfModule(module: TypeSymbol): readonly TypeSymbol[];
  getAliasedSymbol(symbol: TypeSymbol): TypeSymbol;
  getTypeOfSymbol(symbol: TypeSymbol): Type;
  getBaseConstraintOfType(type: Type): Type | undefined;
  getIndexTypeOfType(type: Type, kind: number): Type | undefined;
  getTypeArguments(type: Type): readonly Type[] | undefined;
  isArrayType(type: Type): boolean;
  isTupleType(type: Type): boolean;
}
interface TypeSymbol {
  readonly name: string;
  readonly flags: number;
  readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[];
}
interface Signature {
  getParameters(): readonly TypeSymbol[];
  getReturnType(): Type;
}
interface Type {
  readonly flags: number;
  readonly types?: readonly Type[];
  readonly symbol?: TypeSymbol;
  readonly aliasSymbol?: TypeSymbol;
  isUnionOrIntersection(): boolean;
  getCallSignatures(): readonly Signature[];
  getConstructSignatures(): readonly Signature[];
  getProperties(): readonly TypeSymbol[];
}

// The compiler of the project has no API. API Extractor brings one that has.
const ts: Compiler = createRequire(import.meta.resolve('@microsoft/api-extractor'))('typescript');

const src = fileURLToPath(new URL('../src/', import.meta.url));

const entries = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [src + entry.default.replace('./dist/', '').replace(/\.js$/, '.ts')],
);

const options = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
};

/** Reads the sources, and of other packages only RxJS: the types of the SDKs take seconds and have no hooks of ours. */
const programOf = (): Program => {
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, file) =>
    names.map(({ text }) =>
      /^(\.|rxjs$)/.test(text)
        ? ts.resolveModuleName(text, file, options, host)
        : { resolvedModule: undefined },
    );
  return ts.createProgram(entries, options, host);
};

/** Who has made a value of a type. */
type Maker = 'caller' | 'library';

const other: Readonly<Record<Maker, Maker>> = { caller: 'library', library: 'caller' };

/**
 * Returns the names of all hooks, such as `RetryOptions.shouldHandle` and `withConfidence(confidenceOf)`, in alphabetical
 * order. A member that only the library sets, such as a method of an ensemble, is none.
 */
export const hooksOf = (): readonly string[] => {
  const program = programOf();
  const checker = program.getTypeChecker();
  const hooks = new Set<string>();
  const seen = { caller: new Set<Type>(), library: new Set<Type>() };

  const isOurs = (symbol: TypeSymbol | undefined): boolean =>
    symbol?.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(src)) ??
    false;

  const partsOf = (type: Type): readonly Type[] => {
    if (type.isUnionOrIntersection()) return (type.types ?? []).flatMap(partsOf);
    const constraint =
      (type.flags & ts.TypeFlags.Instantiable) === 0 ? undefined : checker.getBaseConstraintOfType(type);
    return constraint === undefined || constraint === type ? [type] : partsOf(constraint);
  };

  const nameOf = ({ aliasSymbol, symbol }: Type): string | undefined => {
    const named = aliasSymbol ?? symbol;
    return isOurs(named) && !named?.name.startsWith('__') ? named?.name : undefined;
  };

  /** Notes the hook at a place, and goes on into its type. */
  const visit = (type: Type, maker: Maker, place: string): void => {
    for (const part of partsOf(type)) {
      if (maker === 'caller' && part.getCallSignatures().length > 0) hooks.add(place);
      const isList = checker.isArrayType(part) || checker.isTupleType(part);
      // A list is looked into at every place, unless it is one of lists.
      if (seen[maker].has(part) && !(isList && !place.endsWith('[]'))) continue;
      seen[maker].add(part);
      if (!isList) walk(part, maker, place);
      else for (const item of checker.getTypeArguments(part) ?? []) visit(item, maker, `${place}[]`);
    }
  };

  const walk = (type: Type, maker: Maker, place: string): void => {
    const owner = nameOf(type) ?? place;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      for (const parameter of signature.getParameters())
        visit(checker.getTypeOfSymbol(parameter), other[maker], `${owner}(${parameter.name})`);
      visit(signature.getReturnType(), maker, `${owner}()`);
    }
    if ((type.flags & ts.TypeFlags.Object) === 0) return;
    const isLiteral = type.symbol === undefined || type.symbol.name.startsWith('__');
    if (!isLiteral && !isOurs(type.symbol)) {
      // Such as what a promise resolves to.
      for (const held of checker.getTypeArguments(type) ?? []) visit(held, maker, `${place}<>`);
      return;
    }
    const named = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (named !== undefined) visit(named, maker, `${owner}[name]`);
    for (const property of type.getProperties()) {
      // Members with a symbol for a name are internal. The members of a mapped type have no declaration.
      if (property.name.startsWith('__@') || (property.declarations && !isOurs(property))) continue;
      visit(checker.getTypeOfSymbol(property), maker, `${owner}.${property.name}`);
    }
  };

  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
    for (const symbol of checker.getExportsOfModule(module)) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (target.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbol(target), 'library', symbol.name);
    }
  }
  return [...hooks].sort();
};

if (import.meta.main) console.log(hooksOf().join('\n'));
