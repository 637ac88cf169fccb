import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { runOptionsSchema, withAbsolutePaths } from '@interseg/training';
import type { ParseError } from 'jsonc-parser';
import { UsageError } from '../errors/usage-error.ts';
import { nearestName } from './names.ts';
import type { OptionDescription } from './option-schema.ts';

/**
 * Reads a configuration file: YAML, of which JSON is a part, or JSON with comments. Only its keys are checked here; relative paths start from its
 * folder.
 *
 * @throws UsageError naming the file, and the key with the nearest known name where a key is unknown
 */
export async function readConfigurationFile(
  path: string,
  options: readonly OptionDescription[],
): Promise<Record<string, unknown>> {
  if (!['.yaml', '.yml', '.json', '.jsonc'].includes(extname(path).toLowerCase())) {
    throw new UsageError(`${path}: expected a configuration file that ends in .yaml, .yml, .json or .jsonc.`);
  }
  const content = await parseFile(path, await readText(path));
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UsageError(`${path}: expected a configuration of the form 'option: value', one a line.`);
  }
  const names = options.map(({ field }) => field);
  for (const key of Object.keys(content)) {
    if (names.includes(key)) continue;
    const nearest = nearestName(key, names);
    const hint = nearest ? `did you mean '${nearest}'?` : `the options are ${names.join(', ')}.`;
    throw new UsageError(`${path}: unknown option '${key}'; ${hint}`);
  }
  // So that the file can be moved with its data.
  return withAbsolutePaths(runOptionsSchema, { ...content } as Record<string, unknown>, dirname(path));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'no such file' : (error as Error).message;
    throw new UsageError(`${path}: ${reason}, expected a configuration file.`, { cause: error });
  }
}

/** Loads the parser that the file needs: most commands read no such file. */
async function parseFile(path: string, text: string): Promise<unknown> {
  if (extname(path).toLowerCase() === '.jsonc') return parseJsonWithComments(path, text);
  const { parse, YAMLParseError } = await import('yaml');
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    // Others are aliases of nothing, or so many that what they stand for has no end.
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    // The first line says what and where; the rest is a drawing of the place.
    const [reason = ''] = error.message.split('\n');
    throw new UsageError(`${path}: ${reason.replace(/[:.]\s*$/, '')}.`, { cause: error });
  }
}

async function parseJsonWithComments(path: string, text: string): Promise<unknown> {
  const { parse, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  const content: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return content;
  const before = text.slice(0, first.offset).split('\n');
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  throw new UsageError(
    `${path}: broken JSON (${printParseErrorCode(first.error)} at ${place}), expected JSON, which may have comments.`,
  );
}
