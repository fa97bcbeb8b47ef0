import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  CancelledError,
  type EnsembleEvent,
  type NoPredictionError,
  type Prediction,
} from 'crucible-ensemble';
import { aggregateStats, type Stats } from 'crucible-ensemble/metrics';
import { EnsembleRegistry } from 'crucible-ensemble/nest';
import { instrument } from 'crucible-ensemble/opentelemetry';
import { Subscription } from 'rxjs';

const KEPT = 1000;
const LOW_CONSENSUS = 0.5;

/** Watches every prediction of the application: the last 1,000 for statistics, all of them for Prometheus. */
@Injectable()
export class MonitorService implements OnApplicationShutdown {
  private readonly logger = new Logger(MonitorService.name);
  private readonly recent: (Prediction | NoPredictionError)[] = [];
  private readonly watching = new Subscription();
  private readonly reader = new PrometheusExporter({ preventServerStart: true });
  private readonly serializer = new PrometheusSerializer();

  constructor(registry: EnsembleRegistry) {
    const meterProvider = new MeterProvider({ readers: [this.reader] });
    for (const ensemble of registry.names.map((name) => registry.get(name))) {
      instrument(ensemble, { meterProvider });
      this.watching.add(ensemble.events$.subscribe((event) => this.record(event)));
    }
  }

  statistics(): Stats {
    return aggregateStats(this.recent);
  }

  async prometheus(): Promise<string> {
    const { resourceMetrics } = await this.reader.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  onApplicationShutdown(): void {
    this.watching.unsubscribe();
  }

  private keep(result: Prediction | NoPredictionError): void {
    this.recent.push(result);
    if (this.recent.length > KEPT) this.recent.shift();
  }

  private record(event: EnsembleEvent): void {
    switch (event.type) {
      case 'predict:stop':
        this.keep(event.result);
        if (event.consensus < LOW_CONSENSUS)
          this.logger.warn(`${event.ensemble}: the consensus is ${event.consensus.toFixed(2)}`);
        if (event.failures > event.successes)
          this.logger.error(`${event.ensemble}: ${event.failures} calls failed, ${event.successes} voted`);
        break;
      case 'predict:exception':
        // The client left, or the application is shutting down.
        if (event.error instanceof CancelledError) break;
        this.keep(event.error);
        this.logger.error(`${event.ensemble}: ${event.error.name}: ${event.error.message}`);
        break;
    }
  }
}
