import { lifecycleWarning } from '../catalog/lifecycle-warning.ts';
import { catalog, shortNames } from '../catalog/models.ts';
import { given } from '../domain/given.ts';
import { formatNumber } from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import type { Output } from './output.ts';

/** Returns the rows of the list. Prices are in USD per million tokens. */
const listed = async (today: Date) => {
  const { genaiPrices } = await import('../catalog/published-prices.ts');
  const pricing = genaiPrices({ at: today });
  return catalog.map(({ provider, modelId, tier, capabilities, shutdownDate }) => {
    const name = `${provider}/${modelId}`;
    // Prices rise with the length of the input, so a million tokens at once would not have the usual price.
    const perMillion = (tokens: 'inputTokens' | 'outputTokens'): number | undefined => {
      const price = pricing.priceOf({ id: name, provider, modelId }, { [tokens]: 1000 });
      return price && price.usd * 1000;
    };
    return {
      name,
      tier,
      capabilities: Object.entries(capabilities).flatMap(([capability, has]) => (has ? [capability] : [])),
      ...given({
        shortName: Object.keys(shortNames).find((short) => shortNames[short] === name),
        inputPerMillionUsd: perMillion('inputTokens'),
        outputPerMillionUsd: perMillion('outputTokens'),
        shutdownDate,
        warning: lifecycleWarning(name, today),
      }),
    };
  });
};

const toLines = (models: Awaited<ReturnType<typeof listed>>): readonly string[] => {
  const rows = [
    ['model', 'short name', 'tier', '$/M in', '$/M out', 'logprobs', 'note'],
    ...models.map(({ name, shortName = '', tier, capabilities, warning, ...prices }) => [
      name,
      shortName,
      tier,
      formatNumber(prices.inputPerMillionUsd, 2),
      formatNumber(prices.outputPerMillionUsd, 2),
      capabilities.includes('logprobs') ? 'yes' : 'no',
      warning === undefined ? '' : warning.slice(name.length + 1),
    ]),
  ];
  const isAmount = (column: number): boolean => column === 3 || column === 4;
  return columnLines(rows, (column) => !isAmount(column));
};

/** Prints the models of the catalog: names, tiers, prices, capabilities and shutdown dates. */
export const listModels = async ({ json }: { readonly json: boolean }, output: Output): Promise<void> => {
  const models = await listed(new Date());
  output.print(...(json ? [JSON.stringify(models, undefined, 2)] : toLines(models)));
};
