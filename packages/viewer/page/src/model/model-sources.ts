import { fetchModelFiles, unzipModelFiles, type ModelFiles } from '@interseg/inference';
import { pathOf } from '../scans/file-paths.ts';

/** Where the page finds a built-in model, as an address relative to it: `?model=PATH` names another. */
export function builtInAddress(): string {
  const named = new URLSearchParams(location.search).get('model');
  return new URL(named ?? 'model/', document.baseURI).href;
}

/** The files of the built-in model; undefined where the page has none and names none. */
export async function builtInModel(): Promise<ModelFiles | undefined> {
  const isNamed = new URLSearchParams(location.search).has('model');
  return modelFromAddress(builtInAddress()).catch((error: unknown) => {
    if (isNamed) throw error;
    return undefined;
  });
}

/** The files of a model on the site of the page. @throws Error when the address is of another site */
export async function modelFromAddress(address: string): Promise<ModelFiles> {
  const { href, origin } = new URL(address, document.baseURI);
  if (origin !== location.origin) {
    throw new Error(
      `${address}: found an address on ${origin}, expected one on ${location.origin}: this page asks no other site for anything.`,
    );
  }
  return fetchModelFiles(href);
}

/** The files of a model among files that were chosen or dropped; undefined where there is no model among them. */
export async function modelAmong(files: readonly File[]): Promise<ModelFiles | undefined> {
  const archive = files.find(({ name }) => /\.zip$/i.test(name));
  const models = files.filter(({ name }) => name === 'model.json');
  if (models.length === 0) return archive && unzipModelFiles(archive);
  // Of a whole run, the model folder rather than what lies deeper.
  const [model] = models.sort((a, b) => pathOf(a).split('/').length - pathOf(b).split('/').length) as [File];
  const folder = pathOf(model).slice(0, -'model.json'.length);
  const beside = (name: string) => files.find((file) => pathOf(file) === folder + name);
  const weights = beside('weights.bin');
  if (!weights) {
    throw new Error(`${pathOf(model)}: found it without weights.bin, expected both: choose the model folder.`);
  }
  return { model, weights, index: beside('index.json') };
}
