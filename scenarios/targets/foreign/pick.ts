/** Reads a value out of parsed JSON by a path: `order.id`, `items[0].amount`, `$` for all of it. */

/** Steps of a path; `$.` in front is allowed and means nothing. */
function stepsOf(path: string): string[] {
  return path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '');
}

/** Undefined where there is nothing. */
export function pick(value: unknown, path: string): unknown {
  let found = value;
  for (const step of stepsOf(path)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
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
