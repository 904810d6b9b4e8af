/**
 * Reads a value out of parsed JSON by a path: `order.id`, `items[0].amount`, `items[].id` for that of
 * every item, `$` for all of it.
 */

/** Step into every item of a list. */
const EVERY = '*';

/** Steps of a path; `$.` in front is allowed and means nothing. */
function stepsOf(path: string): string[] {
  return path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replaceAll('[]', `.${EVERY}`)
    .split('.')
    .filter((step) => step !== '');
}

/** Undefined where there is nothing; a list where the path goes through every item of one. */
export function pick(value: unknown, path: string): unknown {
  return follow(value, stepsOf(path));
}

function follow(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (step === EVERY) return Array.isArray(value) ? value.flatMap((item) => follow(item, rest) ?? []) : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return follow((value as Record<string, unknown>)[step], rest);
}

/** As text; undefined where there is nothing, or something that is no text and no number. */
export function pickText(value: unknown, path: string | undefined): string | undefined {
  const found = path === undefined ? undefined : pick(value, path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}

/** One text or a list of them. */
export function pickTexts(value: unknown, path: string | undefined): string[] {
  const found = path === undefined ? undefined : pick(value, path);
  return [found].flat().flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
}
