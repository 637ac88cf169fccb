/* global GPUComputePassEncoder, document, navigator, MutationObserver, setTimeout, innerWidth, performance, createImageBitmap, OffscreenCanvas, crossOriginIsolated */
// What runs in the page: each function is sent there by itself, so it uses nothing from outside.

export function isSettled() {
  const scans = [...document.querySelectorAll('.scan')];
  return scans.length > 0 && scans.every(({ dataset }) => !['waiting', 'running'].includes(dataset.state));
}

export function isIsolated() {
  return crossOriginIsolated;
}

export function isSharingMemory() {
  return typeof SharedArrayBuffer !== 'undefined';
}

export function overflow() {
  return document.documentElement.scrollWidth - innerWidth;
}

export async function memoryInUse() {
  return (await performance.measureUserAgentSpecificMemory()).bytes;
}

export async function countPixels({ png, color }) {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const drawing = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  drawing.drawImage(bitmap, 0, 0);
  const { data } = drawing.getImageData(0, 0, bitmap.width, bitmap.height);
  const hue = (r, g, b) => Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b);
  const number = Number.parseInt(color.slice(1), 16);
  const wanted = hue(number >> 16, (number >> 8) & 255, number & 255);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b] = data.slice(at, at + 3);
    const difference = Math.abs(hue(r, g, b) - wanted);
    const isColored = Math.max(r, g, b) - Math.min(r, g, b) > 50;
    if (isColored && Math.min(difference, 2 * Math.PI - difference) < 0.15) count++;
  }
  return count;
}

export async function responsiveness(steps) {
  const status = document.querySelector('#fine-tuning-progress .status');
  const [ticks, changes] = [[], []];
  const observer = new MutationObserver(() => changes.push(performance.now()));
  observer.observe(status, { childList: true, characterData: true, subtree: true });
  while (changes.length <= steps) {
    ticks.push(performance.now());
    await new Promise((resolve) => setTimeout(resolve));
  }
  observer.disconnect();
  const median = (times) => {
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  };
  return { tick: median(ticks), step: median(changes) };
}

export async function hasWebGpu() {
  return Boolean(await navigator.gpu?.requestAdapter());
}

export function watchPrograms() {
  const { prototype } = GPUComputePassEncoder;
  const { dispatchWorkgroups, end } = prototype;
  const counts = new Map();
  globalThis.mostPrograms = 0;
  prototype.dispatchWorkgroups = function (...groups) {
    counts.set(this, (counts.get(this) ?? 0) + 1);
    return dispatchWorkgroups.apply(this, groups);
  };
  prototype.end = function () {
    globalThis.mostPrograms = Math.max(globalThis.mostPrograms, counts.get(this) ?? 0);
    counts.delete(this);
    return end.call(this);
  };
}

export function mostPrograms() {
  return globalThis.mostPrograms;
}
