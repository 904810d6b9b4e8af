/**
 * Form bodies and query strings as Stripe's v1 API reads them: `a[b][0]=x` becomes
 * `{ a: { b: ['x'] } }`. Brackets may arrive percent-encoded (`a%5Bb%5D`), lists with or
 * without an index (`a[0]`, `a[]`). Every leaf stays a string: Stripe's form has no types,
 * so numbers and booleans are read where their meaning is known.
 *
 * Must not trust the sender: depth and number of fields are bounded, and a key can never
 * reach an object's prototype.
 */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type FormFields = { [key: string]: FormValue };

/** Stripe's own objects nest four deep; ten leaves room and still bounds the recursion. */
const MAX_DEPTH = 10;

/** A real request has a few dozen fields; a thousand is far beyond any of them. */
const MAX_FIELDS = 1_000;

export class FormError extends Error {}

/** Decodes an urlencoded text. Throws FormError for a broken escape, conflicting or too many fields. */
export function parseForm(text: string): FormFields {
  const root: FormFields = Object.create(null) as FormFields;
  const pairs = text.split('&').filter((pair) => pair !== '');
  if (pairs.length > MAX_FIELDS) throw new FormError(`More than ${MAX_FIELDS} parameters in one request.`);
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    assign(root, keyPath(name), value, name);
  }
  return listsOf(root) as FormFields;
}

/** The string at `path`, or undefined when it is absent, empty or not a leaf. */
export function text(fields: FormFields, ...path: string[]): string | undefined {
  let value: FormValue | undefined = fields;
  for (const key of path) {
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = value[key];
    if (value === undefined) return undefined;
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The members of the hash at `key`; none when it is absent or no hash. */
export function inside(fields: FormFields, key: string): FormFields {
  const value = fields[key];
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** Is the parameter there at all, if only to be emptied? */
export function isGiven(fields: FormFields, key: string): boolean {
  return fields[key] !== undefined;
}

/** The map of strings at `key` (Stripe's metadata): nested or list members are left out. */
export function textMap(fields: FormFields, key: string): Record<string, string> {
  const value = fields[key];
  const result: Record<string, string> = {};
  if (typeof value !== 'object' || Array.isArray(value)) return result;
  for (const [name, member] of Object.entries(value)) if (typeof member === 'string') result[name] = member;
  return result;
}

/** The list of strings at `key`, such as `expand` or `payment_method_types`. */
export function textList(fields: FormFields, key: string): string[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter((member): member is string => typeof member === 'string') : [];
}

function decode(part: string): string {
  // Most parts are plain, and to decode them costs more than to look.
  if (!part.includes('%') && !part.includes('+')) return part;
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw new FormError('The request body contains a broken percent escape.');
  }
}

function keyPath(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0) return [name];
  const path = [name.slice(0, open)];
  for (const match of name.slice(open).matchAll(/\[([^\][]*)\]/g)) path.push(match[1] ?? '');
  if (path.length > MAX_DEPTH) throw new FormError(`Parameter nested deeper than ${MAX_DEPTH} levels.`);
  return path;
}

function assign(root: FormFields, path: readonly string[], value: string, name: string): void {
  let node = root;
  for (const [index, rawKey] of path.entries()) {
    const key = rawKey === '' ? String(Object.keys(node).length) : rawKey;
    if (index === path.length - 1) {
      node[key] = value;
      return;
    }
    const next = node[key] ?? (node[key] = Object.create(null) as FormFields);
    if (typeof next === 'string')
      throw new FormError(`Invalid object: parameter ${name} is given both as a value and as a hash.`);
    node = next as FormFields;
  }
}

/** Turns every map whose keys are 0, 1, 2 … into a list, bottom up. */
function listsOf(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  for (const key of keys) value[key] = listsOf(value[key] as FormValue);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => value[key] as FormValue);
  }
  return value;
}
