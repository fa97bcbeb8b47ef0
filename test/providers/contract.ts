import { type Limitation, type ModelContractOptions, modelContract } from 'crucible-ensemble/testing';
import { describe, it } from 'vitest';

/** A provider: its dialect, how its model is created, and what it cannot do. */
export type Provider = [
  ModelContractOptions['dialect'],
  ModelContractOptions['createModel'],
  ...limitations: Limitation[],
];

/** Holds providers to the contract of every model. Each file of tests takes some, so that they run side by side. */
export const describeContract = (providers: Readonly<Record<string, Provider>>): void => {
  describe.each(Object.entries(providers))('%s', (name, [dialect, createModel, ...limitations]) => {
    for (const { name: title, run } of modelContract({ name, dialect, createModel, limitations })) {
      it(title, run);
    }
  });
};
