import { lifecycleWarning } from '../catalog/lifecycle-warning.ts';
import { type CatalogModel, catalog, shortNames } from '../catalog/models.ts';
import { columnLines } from '../rendering/columns.ts';
import type { Output } from './output.ts';

const TOKENS = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

/** A row of the list: what there is to know before a model is asked. */
interface ListedModel {
  readonly name: string;
  readonly shortName?: string;
  readonly tier: CatalogModel['tier'];
  readonly capabilities: readonly string[];
  readonly inputPerMillionUsd?: number;
  readonly outputPerMillionUsd?: number;
  readonly shutdownDate?: string;
  readonly warning?: string;
}

const listed = async (today: Date): Promise<readonly ListedModel[]> => {
  const { genaiPrices } = await import('../catalog/published-prices.ts');
  const pricing = genaiPrices({ at: today });
  return catalog.map(({ provider, modelId, tier, capabilities, shutdownDate }) => {
    const name = `${provider}/${modelId}`;
    const shortName = Object.keys(shortNames).find((short) => shortNames[short] === name);
    const warning = lifecycleWarning(name, today);
    const priceOf = (tokens: 'inputTokens' | 'outputTokens'): number | undefined =>
      // A price of so many tokens at once would be that of a long input.
      pricing.priceOf({ id: name, provider, modelId }, { [tokens]: TOKENS[tokens] / 1000 })?.usd;
    const [input, output] = [priceOf('inputTokens'), priceOf('outputTokens')];
    return {
      name,
      ...(shortName !== undefined && { shortName }),
      tier,
      capabilities: Object.entries(capabilities).flatMap(([capability, has]) => (has ? [capability] : [])),
      ...(input !== undefined && { inputPerMillionUsd: input * 1000 }),
      ...(output !== undefined && { outputPerMillionUsd: output * 1000 }),
      ...(shutdownDate !== undefined && { shutdownDate }),
      ...(warning !== undefined && { warning }),
    };
  });
};

const dollars = (amount: number | undefined): string => (amount === undefined ? '?' : amount.toFixed(2));

const toLines = (models: readonly ListedModel[]): readonly string[] => {
  const rows = [
    ['model', 'short name', 'tier', '$/M in', '$/M out', 'logprobs', 'note'],
    ...models.map(({ name, shortName = '', tier, capabilities, warning, ...prices }) => [
      name,
      shortName,
      tier,
      dollars(prices.inputPerMillionUsd),
      dollars(prices.outputPerMillionUsd),
      capabilities.includes('logprobs') ? 'yes' : 'no',
      warning === undefined ? '' : warning.slice(name.length + 1),
    ]),
  ];
  const isAmount = (column: number): boolean => column === 3 || column === 4;
  return columnLines(rows, (column) => !isAmount(column));
};

/** Lists the models of the catalog: names, tier, prices, capabilities, and what is about to be shut down. */
export const listModels = async ({ json }: { readonly json: boolean }, output: Output): Promise<void> => {
  const models = await listed(new Date());
  output.print(...(json ? [JSON.stringify(models, undefined, 2)] : toLines(models)));
};
