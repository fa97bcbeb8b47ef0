import type { INestApplication } from '@nestjs/common';
import { EnsembleExceptionFilter } from 'crucible-ensemble/nest';

/** What the application and its tests share. */
export const configured = (app: INestApplication): INestApplication => {
  app.useGlobalFilters(new EnsembleExceptionFilter());
  // SIGTERM closes the application, which then aborts what is running.
  app.enableShutdownHooks();
  return app;
};
