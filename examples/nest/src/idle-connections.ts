import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { interval, Subscription } from 'rxjs';

/**
 * Closes the connections that clients keep for a next request, while the server waits for its connections to close. Node does it
 * once, when it begins to close, so that a connection whose stream ends later holds it for 5 seconds, and under Fastify for 72.
 */
@Injectable()
export class IdleConnections implements BeforeApplicationShutdown, OnApplicationShutdown {
  private closing = new Subscription();

  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    this.closing = interval(100).subscribe(() =>
      this.host.httpAdapter.getHttpServer().closeIdleConnections(),
    );
  }

  onApplicationShutdown(): void {
    this.closing.unsubscribe();
  }
}
