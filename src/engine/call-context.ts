import type { CallRole } from '../domain/call-role.ts';
import type { ModelDelta } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { PredictionNotifier } from '../telemetry/prediction-notifier.ts';
import type { Clock } from '../time/clock.ts';
import type { SharedTimeout } from '../time/shared-timeout.ts';
import type { Ledger } from './account.ts';
import type { RoleCalls } from './check-tools.ts';
import type { LiveEvents } from './live-events.ts';
import type { Reader } from './reader.ts';

/** The part of a prediction that its calls share. */
export interface CallContext<Answer> {
  readonly request: ModelRequest;
  readonly clock: Clock;
  readonly reader: Reader<Answer>;
  readonly pricing: Pricing | undefined;
  readonly timeout: SharedTimeout;
  /** When the prediction must end, on its clock. Default never. */
  readonly endsAtMs?: number;
  /** Receives each piece of an answer while it is written; absent unless the prediction is streamed. */
  readonly onDelta?: ((model: string, delta: ModelDelta, call: number) => void) | undefined;
  /** Receives the start and the end of each call; absent unless the prediction is streamed. */
  readonly live?: LiveEvents<Answer> | undefined;
  /** Notifies the listeners of the ensemble; absent without listeners. */
  readonly notifier: PredictionNotifier | undefined;
  /** What its calls are for; absent for those of members. */
  readonly role?: CallRole;
  /** How their answers are read, if not as those of members. */
  readonly normalization?: Normalizer | undefined;
  /** Whether a response that is unfinished or empty is read as well. Default `false`. */
  readonly acceptUnfinished?: boolean;
  /** How often each model is called, in consecutive calls. Default 1. */
  readonly samples?: number;
  /** Why calls in flight are cancelled, when they are. Absent for the caller that leaves. */
  readonly abortReason?: unknown;
  /** Whether nothing has ended yet, so that only the schedule can cancel a call. */
  readonly isRunning?: boolean;
  /** Whether errors may have the sentence of the provider. Default `false`. */
  readonly isDebugged?: boolean;
  /** Makes the calls of checks. */
  readonly roleCalls?: RoleCalls | undefined;
  /** The calls that were started, in the order of starting. */
  readonly ledger: Ledger<Answer>;
}
