/** The route of the application of Next, see `next-app.ts`. */
import { type Handle, watchedHandler } from './watched-handler.ts';

// Next evaluates it during its build, too, when there is no upstream.
const handle = watchedHandler(process.env.UPSTREAM ?? 'http://127.0.0.1:9');

export const GET: Handle = handle;
export const POST: Handle = handle;
