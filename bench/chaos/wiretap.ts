import { Observable } from 'rxjs';
import { isDelta, type Model, type ModelResponse } from '../../src/domain/model.ts';

/** One call of a model, below all policies: what was sent, and how it ended. */
export interface WireCall {
  /** Names the request on the wire, and what it meets: `prediction/model/attempt`. */
  readonly id: string;
  readonly prediction: number;
  readonly model: string;
  /** `aborted` where it was given up before it had an end of its own. */
  end: 'out' | 'answered' | 'failed' | 'aborted';
  response: ModelResponse | undefined;
  error: unknown;
}

/** What goes over the wire. */
export interface Wiretap {
  readonly calls: readonly WireCall[];
  /** The most calls that were out at the same time. */
  readonly mostOut: () => number;
  readonly tap: (model: Model) => Model;
}

/** The number of the prediction that a prompt belongs to. */
const numberIn = (prompt: string): number => Number(/#(\d+)/.exec(prompt)?.[1]);

/** Records each call of a model, and writes its name into the prompt, so that the server can tell it apart. */
export const createWiretap = (): Wiretap => {
  const calls: WireCall[] = [];
  const attempts = new Map<string, number>();
  let out = 0;
  let mostOut = 0;

  const tap = (model: Model): Model => ({
    ...model,
    call: (request) =>
      new Observable((subscriber) => {
        const prediction = numberIn(request.prompt);
        const asked = `${prediction}/${model.id}`;
        const attempt = attempts.get(asked) ?? 0;
        attempts.set(asked, attempt + 1);
        const call: WireCall = {
          id: `${asked}/${attempt}`,
          prediction,
          model: model.id,
          end: 'out',
          response: undefined,
          error: undefined,
        };
        calls.push(call);
        out += 1;
        mostOut = Math.max(mostOut, out);
        const settle = (end: WireCall['end']): void => {
          if (call.end !== 'out') return;
          call.end = end;
          out -= 1;
        };
        const content = `${request.prompt} [${call.id}]`;
        subscriber.add(() => settle('aborted'));
        subscriber.add(
          model.call({ ...request, prompt: content, messages: [{ role: 'user', content }] }).subscribe({
            next(output) {
              if (!isDelta(output)) {
                call.response = output;
                settle('answered');
              }
              subscriber.next(output);
            },
            error(error: unknown) {
              call.error = error;
              settle('failed');
              subscriber.error(error);
            },
            complete: () => subscriber.complete(),
          }),
        );
      }),
  });
  return { calls, mostOut: () => mostOut, tap };
};
