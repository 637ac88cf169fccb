import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where packages are looked for: from this package, then from the user's project, the working directory. */
function places(): string[] {
  return [import.meta.url, join(process.cwd(), 'package.json')];
}

/** A `require` that sees the package, or nothing where it is not installed. */
export function requireOf(name: string): NodeJS.Require | undefined {
  for (const place of places()) {
    const require = createRequire(place);
    try {
      require.resolve(`${name}/package.json`);
      return require;
    } catch {
      // the next place
    }
  }
  return undefined;
}

/** The folder of an installed package. */
export function folderOf(name: string): string | undefined {
  const path = requireOf(name)?.resolve(`${name}/package.json`);
  return path === undefined ? undefined : dirname(path);
}

/** The version of an installed package. */
export function versionOf(name: string): string | undefined {
  const manifest = requireOf(name)?.(`${name}/package.json`) as { version: string } | undefined;
  return manifest?.version;
}

/** Loads a package that {@link requireOf} sees; TensorFlow.js's packages are CommonJS in Node. */
export function load<T>(name: string): T {
  const require = requireOf(name);
  if (require === undefined) throw new Error(`the package ${name} is not installed`);
  return require(name) as T;
}
