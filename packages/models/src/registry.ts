import { OptionError } from '@interseg/errors';

/** Things of one kind, each known by its name, in the order of their definition. */
export class Registry<T extends { readonly name: string }> {
  private readonly entries = new Map<string, T>();

  /** @param kind names the things in errors, such as `variant` */
  constructor(private readonly kind: string) {}

  /**
   * Adds an entry. Adding the same one again changes nothing.
   *
   * @throws OptionError when another entry has its name, or the name cannot stand on every command line and in every
   * folder's name
   */
  define(entry: T): T {
    const { name } = entry;
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
      throw new OptionError(
        `The ${this.kind} name is '${name}', expected lower-case letters and digits joined by hyphens.`,
      );
    }
    if ((this.entries.get(name) ?? entry) !== entry) {
      throw new OptionError(`A ${this.kind} named '${name}' is defined already, expected another name.`);
    }
    this.entries.set(name, entry);
    return entry;
  }

  /** All entries in the order of their definition. */
  list(): readonly T[] {
    return [...this.entries.values()];
  }

  /** @throws OptionError with all known names when there is no entry of this name */
  find(name: string): T {
    const entry = this.entries.get(name);
    if (entry) return entry;
    throw new OptionError(
      `There is no ${this.kind} '${name}', expected one of ${[...this.entries.keys()].join(', ')}.`,
    );
  }
}
