import type { EventOf } from '../event.ts';

/** How an attempt of a call ends, well or not. */
export type CallEnd = EventOf<'model:stop' | 'model:exception' | 'model:cancel'>;

/** How a prediction ends, well or not. */
export type PredictionEnd = EventOf<'predict:stop' | 'predict:exception' | 'predict:cancel'>;
