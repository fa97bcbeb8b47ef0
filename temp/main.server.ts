import { mergeApplicationConfig } from '@angular/core';
import { type BootstrapContext, bootstrapApplication } from '@angular/platform-browser';
import { provideServerRendering, RenderMode, withRoutes } from '@angular/ssr';
import { appConfig } from './app/app.config.ts';
import { App } from './app/app.ts';

/** The pages are rendered when the app is built. The panel is not asked then: there is no question yet. */
const serverConfig = mergeApplicationConfig(appConfig, {
  providers: [provideServerRendering(withRoutes([{ path: '**', renderMode: RenderMode.Prerender }]))],
});

const bootstrap = (context: BootstrapContext) => bootstrapApplication(App, serverConfig, context);

// biome-ignore lint/style/noDefaultExport: the builder of Angular reads it
export default bootstrap;
