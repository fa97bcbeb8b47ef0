import type { Observable } from 'rxjs';
import type { Model, ModelResponse } from '../src/index.ts';

/** A model that answers as its Observable does, most often a cold one of a marble diagram. */
export const scripted = (id: string, response$: Observable<ModelResponse>): Model => ({
  id,
  call: () => response$,
});

/** The responses that marble diagrams speak of: the digit is what the model writes. */
export const responses: Readonly<Record<string, ModelResponse>> = Object.fromEntries(
  ['4', '5', '6', '7'].map((text) => [text, { text }]),
);
