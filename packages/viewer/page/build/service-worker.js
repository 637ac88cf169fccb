/* global page, self, caches, fetch, Response */
// Serves the page without a network, and adds the headers with which its threads may share memory where the server sends
// none. `page` (the version of the page and its files) is put before this by the build.
const cacheName = `interseg-page-${page.version}`;
const ownFiles = new Set(page.files.map((file) => new URL(file, self.registration.scope).href));
const start = new URL('index.html', self.registration.scope).href;

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(page.files.map((file) => new URL(file, self.registration.scope).href));
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  const takeOver = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('interseg-page-') && name !== cacheName);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { href, origin, search } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || request.headers.has('range')) return;
  const isPage = request.mode === 'navigate' || href === start;
  // Files whose names have a digest of their content never change.
  const answer = search === '' && !isPage && ownFiles.has(href) ? fromCache(request) : fromNetwork(request, isPage);
  event.respondWith(answer.then(isolated));
});

async function fromCache(request) {
  const found = await (await caches.open(cacheName)).match(request);
  return found ?? fetch(request);
}

/** The newest from the server, kept for when there is none: the page itself, and the model. */
async function fromNetwork(request, isPage) {
  const cache = await caches.open(cacheName);
  const key = isPage ? start : request;
  try {
    const response = await fetch(request);
    if (response.ok && response.status === 200 && response.type === 'basic') await cache.put(key, response.clone());
    return response;
  } catch {
    // What was never there, such as an optional file of the model, is not there now either.
    return (await cache.match(key)) ?? new Response(null, { status: 504, statusText: 'No network' });
  }
}

function isolated(response) {
  if (response.status === 0 || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  const body = status === 204 || status === 304 ? null : response.body;
  return new Response(body, { status, statusText, headers });
}
