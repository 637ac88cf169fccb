import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where to look for packages: from this package, then from the working directory, the user's project. */
function places(): string[] {
  return [import.meta.url, join(process.cwd(), 'package.json')];
}

/** Finds a `require` that sees the package; `undefined` where it is not installed. */
export function findRequire(name: string): NodeJS.Require | undefined {
  for (const place of places()) {
    const require = createRequire(place);
    try {
      require.resolve(`${name}/package.json`);
      return require;
    } catch {
      // try the next place
    }
  }
  return undefined;
}

/** Finds the folder of an installed package. */
export function findPackageFolder(name: string): string | undefined {
  const path = findRequire(name)?.resolve(`${name}/package.json`);
  return path === undefined ? undefined : dirname(path);
}

/** Finds the version of an installed package. */
export function findPackageVersion(name: string): string | undefined {
  const manifest = findRequire(name)?.(`${name}/package.json`) as { version: string } | undefined;
  return manifest?.version;
}

/** Loads a package that {@link findRequire} sees; TensorFlow.js's packages are CommonJS in Node. */
export function load<T>(name: string): T {
  const require = findRequire(name);
  if (require === undefined) throw new Error(`the package ${name} is not installed`);
  return require(name) as T;
}
