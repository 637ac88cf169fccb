/**
 * Lets the event loop turn once, so that timers, signals and pages are served between two steps. Not by
 * `requestAnimationFrame` or `setTimeout`: a hidden tab would train at a step a second or not at all.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    const arrived = (): void => {
      port1.close();
      resolve();
    };
    port1.addEventListener('message', arrived, { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}
