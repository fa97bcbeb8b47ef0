import type { EventOf } from '../event.ts';

/** An event that ends an attempt of a call. */
export type CallEnd = EventOf<'model:stop' | 'model:exception' | 'model:cancel'>;

/** An event that ends a prediction. */
export type PredictionEnd = EventOf<'predict:stop' | 'predict:exception' | 'predict:cancel'>;
