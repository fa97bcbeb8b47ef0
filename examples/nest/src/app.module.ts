import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EnsembleModule } from 'crucible-ensemble/nest';
import type { Keyv } from 'keyv';
import { CACHE, CacheModule } from './cache.module.ts';
import { HealthController } from './health.controller.ts';
import { IdleConnections } from './idle-connections.ts';
import { MetricsController } from './metrics.controller.ts';
import { MonitorService } from './monitor.service.ts';
import { createPanel } from './panel.ts';
import { QuestionsController } from './questions.controller.ts';

@Module({
  imports: [
    EnsembleModule.forRootAsync({
      imports: [CacheModule],
      inject: [CACHE],
      useFactory: (cache: Keyv) => ({
        ensembles: { panel: createPanel(cache) },
        graceMs: Number(process.env.GRACE_MS ?? 10_000),
      }),
    }),
    // Clients of OpenAI: base URL http://localhost:3000/ai/v1, model "panel". The live page: http://localhost:3000/ai
    EnsembleModule.serve({ path: 'ai', page: true }),
    CacheModule,
    TerminusModule,
  ],
  controllers: [QuestionsController, HealthController, MetricsController],
  providers: [MonitorService, IdleConnections],
})
export class AppModule {}
