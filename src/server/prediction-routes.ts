import { batchRoute } from './batch/batch-route.ts';
import { chat } from './chat/chat.ts';
import { healthRoutes } from './health-routes.ts';
import { messages } from './messages/messages.ts';
import { modelRoutes } from './model-routes.ts';
import { predictions } from './native/predictions.ts';
import { predictionRoute } from './prediction-route.ts';
import { responses } from './responses/responses.ts';
import type { Route } from './route.ts';

/** The routes that every server has. */
export const predictionRoutes: readonly Route[] = [
  ...healthRoutes,
  ...modelRoutes,
  predictionRoute('/v1/chat/completions', chat),
  predictionRoute('/v1/responses', responses),
  predictionRoute('/v1/messages', messages),
  predictionRoute('/v1/predictions', predictions),
  batchRoute,
];
