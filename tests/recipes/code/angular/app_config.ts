import { provideHttpClient, withInterceptors } from '@angular/common/http';
import type { ApplicationConfig } from '@angular/core';
import { provideRouter, type Routes } from '@angular/router';
import type { AuthClient } from 'bearerkit';
import { authInterceptor, requireAuth } from 'bearerkit/angular';

/** `routes` are those of who is signed in; `open` are for everybody, `/sign-in` among them. */
export function appConfig(auth: AuthClient, routes: Routes, open: Routes): ApplicationConfig {
  return {
    providers: [
      provideHttpClient(withInterceptors([authInterceptor(auth)])),
      provideRouter([
        ...open,
        { path: '', canActivate: [requireAuth(auth, '/sign-in')], children: routes },
      ]),
    ],
  };
}
