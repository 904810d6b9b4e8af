/**
 * Canonical JSON: one text per value. Keys sorted, no spaces, nothing that JSON would silently
 * change: two histories are equal exactly when their canonical lines are.
 */

/** Deeper nesting than this is a cycle or a mistake. */
const DEEPEST_NESTING = 64;

/** Throws a TypeError naming the place of an undefined, a non-finite number, or anything JSON cannot carry. */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > DEEPEST_NESTING) throw new TypeError(`canonical JSON: ${path} is nested too deeply (a cycle?)`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonical JSON: ${path} is ${value}`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, path, depth);
    default:
      throw new TypeError(`canonical JSON: ${path} is of type ${typeof value}`);
  }
}

function writeObject(value: object, path: string, depth: number): string {
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${path}[${index}]`, depth + 1)).join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`canonical JSON: ${path} is a ${value.constructor.name}, not a plain object`);
  }
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, `${path}.${key}`, depth + 1)}`);
  return `{${members.join(',')}}`;
}
