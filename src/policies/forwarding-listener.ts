import type { AttemptListener } from '../domain/attempt.ts';

/** What an attempt listener within a policy says of its call: what the listener outside says, or that nothing limits it. */
export abstract class ForwardingListener {
  protected abstract get outer(): AttemptListener | undefined;

  get prediction(): object {
    return this.outer?.prediction ?? this;
  }

  get isExtra(): boolean {
    return this.outer?.isExtra ?? false;
  }

  get hasExpired(): boolean {
    return this.outer?.hasExpired ?? false;
  }

  get acceptsUnfinished(): boolean {
    return this.outer?.acceptsUnfinished ?? false;
  }
}
