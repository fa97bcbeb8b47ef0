import { SlimSubscriber } from '../../engine/slim-subscriber.ts';

/** Receives the result of an Observable: its last value, its error, or neither. */
export class Received<Value> extends SlimSubscriber<Value> {
  value: Value | undefined;
  failure: unknown;

  override next(value: Value): void {
    if (!this.closed) this.value = value;
  }

  override error(error: unknown): void {
    if (this.closed) return;
    this.failure = error;
    this.unsubscribe();
  }

  override complete(): void {
    this.unsubscribe();
  }
}
