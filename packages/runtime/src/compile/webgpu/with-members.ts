/** Runs work while an object has other members, and restores its own in any case. */
export function withMembers<T extends object, R>(object: T, members: Partial<T>, work: () => R): R {
  const own = Object.keys(members).map((name) => [name, Object.getOwnPropertyDescriptor(object, name)] as const);
  Object.assign(object, members);
  try {
    return work();
  } finally {
    for (const [name, descriptor] of own) {
      if (descriptor) Object.defineProperty(object, name, descriptor);
      // The member of the class shows again.
      else delete (object as Record<string, unknown>)[name];
    }
  }
}
