/**
 * Fills templates: `{player}` in a text is replaced by a value. A text that is nothing but one
 * pair of braces becomes the value itself, so that `"{amount_minor}"` in a body is a number.
 */
export type Values = Readonly<Record<string, string | number | undefined>>;

const PLACEHOLDER = /\{([a-z][a-z0-9_.-]*)\}/gi;
const ONLY_PLACEHOLDER = /^\{([a-z][a-z0-9_.-]*)\}$/i;

/** Names in braces, anywhere in `template`. */
export function namesIn(template: unknown): string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
  if (Array.isArray(template)) return template.flatMap(namesIn);
  return typeof template === 'object' && template !== null ? Object.values(template).flatMap(namesIn) : [];
}

/** Text with its values put in; a name without a value is left as it stands. */
export function fillText(template: string, values: Values, encode: (text: string) => string = (text) => text): string {
  return template.replaceAll(PLACEHOLDER, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encode(String(value));
  });
}

/** An address: values are encoded, except the base that it begins with. */
export function fillUrl(template: string, values: Values): string {
  const withBase = values['base'] === undefined ? template : template.replace(/^\{base\}/, String(values['base']));
  return fillText(withBase, values, encodeURIComponent);
}

/** The same for a whole tree of JSON; fields whose only value is not known are left out. */
export function fillTree(template: unknown, values: Values): unknown {
  if (typeof template === 'string') {
    const only = ONLY_PLACEHOLDER.exec(template)?.[1];
    return only === undefined ? fillText(template, values) : values[only];
  }
  if (Array.isArray(template)) return template.map((one) => fillTree(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, one]) => [name, fillTree(one, values)]));
}
