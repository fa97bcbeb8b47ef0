import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter } from '@angular/router';
import { provideEnsembleClient } from 'crucible-ensemble/angular';
import { About } from './about';
import { Ask } from './ask';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter([
      { path: '', component: Ask, title: 'Ask the panel' },
      { path: 'about', component: About, title: 'About the panel' },
    ]),
    // The server of this page also serves the panel, so that no key and no other origin is needed.
    provideEnsembleClient({ url: '/', ensemble: 'panel' }),
  ],
};
