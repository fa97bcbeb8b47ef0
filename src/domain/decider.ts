import type { Observable, ObservableInput } from 'rxjs';
import type { Group } from './grouping.ts';
import type { Model } from './model.ts';
import type { Abstention } from './normalizer.ts';
import type { Vote } from './outcome.ts';
import type { ModelRequest } from './request.ts';
import type { RoleCall } from './role-call.ts';
import type { Tally } from './tally.ts';

/** The last tally of the votes, with what was voted for. */
export interface FinalTally<Answer = unknown> extends Tally<Answer> {
  /** The votes per answer, each in panel order; with a grouping, its groups. The one with the most votes comes first. */
  readonly groups: readonly Group<Answer>[];
}

/** What a decider may use. */
export interface DecisionContext<Answer = unknown> {
  /** The request that the votes answer, and the text of its question. */
  readonly query: ModelRequest;
  readonly question: string;
  /** The members of the panel. */
  readonly models: readonly Model[];
  /** Makes a call whose cost is part of the prediction. */
  readonly call: RoleCall;
  /** Counts votes as the ensemble does. Answers of one of the `groups` stay one. */
  count(votes: readonly Vote<Answer>[]): FinalTally<Answer>;
  /** Reads a text as the ensemble reads the answers of its members. Emits the answer, or an abstention with the reason. */
  read(text: string): Observable<Answer | Abstention>;
}

/** The decision of a {@link Decider}: one of the answers, or an answer of its own. */
export type Verdict<Answer = unknown> = (
  | {
      /** The key of the answer that was chosen: that of the first vote of one of the `groups`. */
      readonly key: string;
    }
  | {
      /** Default: the text, read as the ensemble reads the answers of its members. If it does not count, the votes decide. */
      readonly answer?: Answer;
      /** The text of the answer. */
      readonly text: string;
    }
) & {
  /** Why, in the words of the decider. */
  readonly reason?: string;
  /** What else it found, as plain data. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** A verdict of which the answer has been read. */
export type ReadVerdict<Answer> =
  | Extract<Verdict<Answer>, { readonly key: string }>
  | (Verdict<Answer> & { readonly answer: Answer; readonly text: string });

/**
 * The step between the votes and the prediction. It runs once, after the last call, and may make calls. `decide` returns a
 * verdict, or `undefined` if the votes decide, or an abstention with the reason. What it throws, an invalid verdict and
 * an Observable that emits none are a failure: then the votes decide, and the prediction says so.
 */
export interface Decider<Answer = unknown> {
  /** Names the decider in `metadata.decision`. */
  readonly name: string;
  decide(
    tally: FinalTally<Answer>,
    context: DecisionContext<Answer>,
  ): ObservableInput<Verdict<Answer> | Abstention | undefined> | Verdict<Answer> | Abstention | undefined;
}

/** A decider as a plain function. */
export type DecideFunction<Answer = unknown> = Decider<Answer>['decide'];
