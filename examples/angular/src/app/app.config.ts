import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { provideEnsembleClient } from 'crucible-ensemble/angular';
import { About } from './about.ts';
import { Ask } from './ask.ts';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideClientHydration(),
    provideRouter([
      { path: '', component: Ask, title: 'Ask the panel' },
      { path: 'about', component: About, title: 'About the panel' },
    ]),
    // The server of this page also serves the panel, so that no key and no other origin is needed.
    provideEnsembleClient({ url: '/', ensemble: 'panel' }),
  ],
};
