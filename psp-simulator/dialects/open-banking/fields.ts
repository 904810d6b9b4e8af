/** How request fields are read; each throws `PspProblem('validation')` with the path of the field. Unknown fields are ignored. */
import { PspProblem } from '../../core/problem.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Longest list of metadata entries, key and value (documented limits). */
const MOST_METADATA = { entries: 10, key: 40, value: 500 } as const;

export function refuse(field: string, message: string): never {
  throw new PspProblem('validation', message, { field });
}

/** The object at `path`, or undefined when it is absent. */
export function objectAt(body: Fields, path: string): Fields | undefined {
  const value = at(body, path);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  return refuse(path, 'Value must be an object.');
}

export function requiredObject(body: Fields, path: string): Fields {
  return objectAt(body, path) ?? refuse(path, 'Value is required.');
}

export function textAt(body: Fields, path: string, most = 255): string | undefined {
  const value = at(body, path);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= most) return value;
  return refuse(path, `Value must be a text of 1 to ${most} characters.`);
}

export function requiredText(body: Fields, path: string, most = 255): string {
  return textAt(body, path, most) ?? refuse(path, 'Value is required.');
}

export function choiceAt<T extends string>(body: Fields, path: string, choices: readonly T[]): T {
  const value = requiredText(body, path);
  return choices.find((choice) => choice === value) ?? refuse(path, `Value must be one of ${choices.join(', ')}.`);
}

/** Minor units. */
export function amountAt(body: Fields, path: string): number {
  const value = at(body, path);
  if (value === undefined) return refuse(path, 'Value is required.');
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  return refuse(path, 'Value must be > 0.');
}

/** An absolute http(s) URL, or one of an app (`myapp://…`). */
export function requiredUri(body: Fields, path: string): string {
  const value = requiredText(body, path, 2_048);
  const dangerous = /^(javascript|data|vbscript|file|blob):/i.test(value);
  return URL.canParse(value) && !dangerous ? value : refuse(path, 'Value must be an absolute URI.');
}

export function metadataAt(body: Fields): Record<string, string> {
  const metadata = objectAt(body, 'metadata') ?? {};
  const entries = Object.entries(metadata);
  if (entries.length > MOST_METADATA.entries) refuse('metadata', `At most ${MOST_METADATA.entries} entries are taken.`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key.length > MOST_METADATA.key) refuse('metadata', `A key has at most ${MOST_METADATA.key} characters.`);
      if (typeof value !== 'string' || value.length > MOST_METADATA.value)
        return refuse(`metadata.${key}`, `Value must be a text of at most ${MOST_METADATA.value} characters.`);
      return [key, value];
    }),
  );
}

function at(body: Fields, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Fields)[key] : undefined,
      body,
    );
}
