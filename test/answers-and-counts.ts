import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { StreamEvent } from '../src/index.ts';

/** Whether an event is about an answer or the count, and not about a call by itself. */
export const isNoCall = ({ type }: Pick<StreamEvent, 'type'>): boolean => !type.startsWith('call-');

/** Leaves out the events of calls by themselves. */
export const answersAndCounts = <Event extends StreamEvent>(): MonoTypeOperatorFunction<Event> =>
  filter<Event>(isNoCall);
