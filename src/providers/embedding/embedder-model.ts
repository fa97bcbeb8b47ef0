import { given } from '../../domain/given.ts';
import type { Model } from '../../domain/model.ts';
import { type Adapter, providerModel } from '../provider-model.ts';

/** The parts of an embedding model that differ between providers. */
type EmbeddingAdapter<Client> = Omit<Adapter<Client>, 'carries' | 'takes' | 'hasNoConfidence'>;

/** Creates an embedding model from an adapter. It can be sent texts alone, and takes no settings of a query. */
export const embedderModel = <Client>(adapter: EmbeddingAdapter<Client>): Model =>
  providerModel({
    ...adapter,
    settings: given(adapter.settings),
    carries: new Set(),
    takes: new Set(),
    hasNoConfidence: true,
    // It writes nothing, so that a budget reserves next to nothing for the output.
    maxOutputTokens: 1,
  });
