import { Controller, Get, Header } from '@nestjs/common';
import type { Stats } from 'crucible-ensemble/metrics';
import { MonitorService } from './monitor.service.ts';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly monitor: MonitorService) {}

  /** For Prometheus. */
  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<string> {
    return this.monitor.prometheus();
  }

  /** For people: of the last 1,000 predictions. */
  @Get('statistics')
  statistics(): Stats {
    return this.monitor.statistics();
  }
}
