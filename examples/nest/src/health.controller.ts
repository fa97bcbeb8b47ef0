import { Controller, Get, Inject } from '@nestjs/common';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { EnsembleHealthIndicator } from 'crucible-ensemble/nest';
import type { Keyv } from 'keyv';
import { CACHE } from './cache.module.ts';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly ensembles: EnsembleHealthIndicator,
    @Inject(CACHE) private readonly cache: Keyv,
  ) {}

  /** Costs nothing: it asks no model. */
  @Get()
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    return this.health.check([() => this.ensembles.check('ensembles'), () => this.checkCache()]);
  }

  private async checkCache(): Promise<HealthIndicatorResult<'cache'>> {
    await this.cache.get('health');
    return { cache: { status: 'up', store: process.env.REDIS_URL === undefined ? 'memory' : 'Redis' } };
  }
}
