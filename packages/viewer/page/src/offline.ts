const reloaded = 'interseg-reloaded';

/**
 * Starts the service worker, which serves the page without a network. Where the server does not isolate the page, so that
 * threads could not share memory, the service worker does, for which the page is loaded once more.
 *
 * @param isIdle whether nothing would be lost by that
 */
export async function workOffline(isIdle: () => boolean): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  try {
    await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI));
    await navigator.serviceWorker.ready;
    await isControlled();
    if (crossOriginIsolated || sessionStorage.getItem(reloaded) !== null || !isIdle()) return;
    sessionStorage.setItem(reloaded, '');
    location.reload();
  } catch {
    // The page works without: it needs the network then, and has one thread.
  }
}

/** Has the service worker keep what was fetched before it was there. */
export async function keepOffline(addresses: readonly string[]): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { controller } = navigator.serviceWorker;
  if (controller) return;
  await isControlled();
  await Promise.all(addresses.map((address) => fetch(address).catch(() => undefined)));
}

async function isControlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return;
  await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
}
