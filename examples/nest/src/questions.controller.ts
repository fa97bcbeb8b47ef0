import { Body, Controller, HttpCode, type MessageEvent, Post, Query, Sse } from '@nestjs/common';
import type { Ensemble } from 'crucible-ensemble';
import { ClientSignal, InjectEnsemble, toMessageEvents } from 'crucible-ensemble/nest';
import { map, type Observable } from 'rxjs';

/** What a client sees of a prediction. */
export interface Answer {
  readonly answer: unknown;
  readonly consensus: number;
  readonly costUsd: number | undefined;
  readonly latencyMs: number;
  /** How many of the calls were answered from the cache. */
  readonly cachedCalls: number;
}

interface Asked {
  readonly question: string;
}

@Controller('questions')
export class QuestionsController {
  constructor(@InjectEnsemble() private readonly panel: Ensemble) {}

  /** One answer. A client that leaves unsubscribes the Observable, which cancels the calls. */
  @Post()
  @HttpCode(200)
  ask(@Body() { question }: Asked): Observable<Answer> {
    return this.panel.predict$(question).pipe(
      map(({ answer, metadata: { consensus, costUsd, latencyMs }, outcomes }) => ({
        answer,
        consensus,
        costUsd,
        latencyMs,
        cachedCalls: outcomes.filter(
          (outcome) => outcome.status === 'answered' && outcome.response.cached !== undefined,
        ).length,
      })),
    );
  }

  /** The same with promises: they need a signal. */
  @Post('all')
  @HttpCode(200)
  async askAll(
    @Body() questions: readonly string[],
    @ClientSignal() signal: AbortSignal,
  ): Promise<unknown[]> {
    const answers: unknown[] = [];
    for await (const prediction of this.panel.predictAll(questions, { signal }))
      answers.push(prediction instanceof Error ? prediction.name : prediction.answer);
    return answers;
  }

  /** Each vote as it arrives: `new EventSource('/questions/events?question=…')`. */
  @Sse('events')
  events(@Query('question') question: string): Observable<MessageEvent> {
    return this.panel.stream(question).pipe(toMessageEvents());
  }
}
