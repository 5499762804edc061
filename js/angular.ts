/**
 * bearerkit for Angular, 19 or newer: who is signed in, as a signal; a guard for routes; and an
 * interceptor that signs the requests of `HttpClient`.
 * @module
 */
import {
  type HttpEvent,
  HttpErrorResponse,
  type HttpHandlerFn,
  type HttpHeaders,
  type HttpInterceptorFn,
  type HttpRequest,
  HttpResponse,
} from '@angular/common/http';
import { afterNextRender, DestroyRef, inject, type Signal, signal } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Observable } from 'rxjs';

import type { AuthClient, AuthSnapshot, JwtPayload } from './types.ts';

// What a server says, which knows of nobody.
const RESTORING: AuthSnapshot<never> = { state: 'restoring', claims: null, reason: null };

/**
 * Who is signed in; to be called where `inject` may be. On a server, and until the page has been
 * rendered once, it is `restoring`.
 *
 * @example
 * import { injectAuth } from 'bearerkit/angular';
 *
 * class Greeting {
 *   readonly session = injectAuth(auth); // in the template: session().state, session().claims
 * }
 */
export function injectAuth<Claims extends object = JwtPayload>(
  auth: Pick<AuthClient<Claims>, 'subscribe' | 'getSnapshot'>,
): Signal<AuthSnapshot<Claims>> {
  const session = signal<AuthSnapshot<Claims>>(RESTORING);
  const destroyRef = inject(DestroyRef);
  // A server renders nothing next: hydration finds what was rendered there.
  afterNextRender(() => {
    const update = (): void => session.set(auth.getSnapshot());
    destroyRef.onDestroy(auth.subscribe(update));
    update();
  });
  return session.asReadonly();
}

/**
 * A guard for routes: waits until it is known who is signed in, and leads everybody else to `signIn`.
 * It keeps nothing secret: your server is what refuses.
 *
 * @example
 * import { requireAuth } from 'bearerkit/angular';
 *
 * const routes = [{ path: 'orders', component: Orders, canActivate: [requireAuth(auth, '/sign-in')] }];
 * @param signIn the path of the page where one signs in
 */
export function requireAuth(auth: Pick<AuthClient, 'ready'>, signIn: string): CanActivateFn {
  return async () => {
    const router = inject(Router);
    return (await auth.ready()) === 'signed-in' || router.parseUrl(signIn);
  };
}

/**
 * Signs the requests of `HttpClient` as `fetchWithAuth` does: with the token for allowed origins, one
 * refresh, one retry. Interceptors that come after it see each request that is really sent. It works
 * over `withFetch()`, over XHR (with the progress of uploads), and in `HttpTestingController`. A
 * failure of the client's own is the `error` of an `HttpErrorResponse`.
 *
 * @example
 * import { provideHttpClient, withInterceptors } from '@angular/common/http';
 * import { authInterceptor } from 'bearerkit/angular';
 *
 * const providers = [provideHttpClient(withInterceptors([authInterceptor(auth)]))];
 */
export function authInterceptor(auth: Pick<AuthClient, 'fetchWith'>): HttpInterceptorFn {
  // By the signal of each: the client hands it on as it is.
  const senders = new WeakMap<AbortSignal, Sender>();
  const fetch = auth.fetchWith({
    fetch: async (_url, init) => {
      const sender = senders.get(init?.signal as AbortSignal);
      if (sender === undefined) throw new TypeError('A request without its signal');
      return sender.send(init);
    },
  });
  return (request, next) =>
    new Observable((observer) => {
      const aborter = new AbortController();
      const { signal } = aborter;
      const sender = new Sender(request, next, (event) => observer.next(event));
      senders.set(signal, sender);
      const { method, urlWithParams: url, withCredentials } = request;
      const init: RequestInit = { method, headers: pairsOf(request.headers), signal };
      if (withCredentials) init.credentials = 'include';
      fetch(url, init).then(
        () => {
          const { answer } = sender;
          if (answer instanceof HttpResponse) {
            observer.next(answer);
            observer.complete();
          } else observer.error(answer);
        },
        (error: unknown) => {
          const isOwn = error instanceof HttpErrorResponse;
          observer.error(isOwn ? error : new HttpErrorResponse({ error, url }));
        },
      );
      return () => {
        aborter.abort();
        sender.stop();
      };
    });
}

type Answer = HttpResponse<unknown> | HttpErrorResponse;

// Sends one request of HttpClient's, twice at most, by what comes next.
class Sender {
  /** The last one: that is what the caller gets. */
  answer: Answer | undefined;
  /** Ends what is under way. */
  stop = (): void => {};
  readonly #request: HttpRequest<unknown>;
  readonly #next: HttpHandlerFn;
  readonly #progress: (event: HttpEvent<unknown>) => void;

  constructor(
    request: HttpRequest<unknown>,
    next: HttpHandlerFn,
    progress: (event: HttpEvent<unknown>) => void,
  ) {
    this.#request = request;
    this.#next = next;
    this.#progress = progress;
  }

  send(init: RequestInit = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      const receive = (answer: Answer): void => {
        this.answer = answer;
        resolve(responseOf(answer));
      };
      const sent = this.#next(signed(this.#request, init)).subscribe({
        next: (event) => (event instanceof HttpResponse ? receive(event) : this.#progress(event)),
        error: (error: unknown) => {
          const isAnswer = error instanceof HttpErrorResponse && error.status !== 0;
          if (isAnswer) receive(error);
          // Without a status: the network's error, as it is.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          else reject(error);
        },
      });
      this.stop = () => sent.unsubscribe();
    });
  }
}

// The client has said in fetch's words what is to be added.
function signed(request: HttpRequest<unknown>, init: RequestInit): HttpRequest<unknown> {
  const setHeaders = Object.fromEntries(new Headers(init.headers));
  const withCredentials = request.withCredentials || init.credentials === 'include';
  return request.clone({ setHeaders, withCredentials });
}

// What the client looks at; a body only if the app's own `refused` asks for it.
function responseOf(answer: Answer): Response {
  const { status, headers, url, redirected = false } = answer;
  const body: unknown = answer instanceof HttpResponse ? answer.body : answer.error;
  return {
    status,
    ok: answer.ok,
    headers: new Headers(pairsOf(headers)),
    url: url ?? '',
    redirected,
    clone: () =>
      new Response(isBody(body) ? body : JSON.stringify(body), { headers: pairsOf(headers) }),
  } as Response;
}

function isBody(body: unknown): body is BodyInit | null {
  return (
    body === null || typeof body === 'string' || body instanceof Blob || body instanceof ArrayBuffer
  );
}

function pairsOf(headers: HttpHeaders): [name: string, value: string][] {
  return headers.keys().map((name) => [name, headers.getAll(name)?.join(', ') ?? '']);
}
