/**
 * Fields of a configuration file, read one by one. Every mistake is one sentence that names the
 * field and the next step; no sentence repeats a value that may be a secret.
 */
import { nearestWord, UserError } from '../../kernel/index.ts';

export type Fields = Record<string, unknown>;

export const wrong = (what: string, advice: string): never => {
  throw new UserError(what, advice);
};

export function urlOf(text: string, name: string): string {
  if (!/^https?:\/\/[^/\s]+/.test(text) || !URL.canParse(text))
    wrong(`${name} is no URL`, 'Begin with https:// (or http:// on your own machine).');
  const { username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '')
    wrong(`${name} holds a user or password`, 'Take them out: credentials come from the environment, by name.');
  if (search !== '' || hash !== '') wrong(`${name} has a query or a fragment`, 'Write the URL up to the ? or #.');
  return text.replace(/\/+$/, '');
}

/** @param known its fields, when no other is allowed */
export function fieldsOf(value: unknown, name: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong(`${name} has no fields`, 'Compare it with the example in contracts/PARTNERS.md.');
  if (known !== undefined) knownOnly(value as Fields, known, name);
  return value as Fields;
}

export function textOf(fields: Fields, name: string, shown = name): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  return wrong(`${shown} is missing or no text`, `Add \`${name}: …\`; contracts/PARTNERS.md has an example.`);
}

export function textsOf(fields: Fields, where: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value === 'object') wrong(`${where}.${name} is no text`, `Write \`${name}: …\` on one line.`);
      return [name, String(value)];
    }),
  );
}

export function knownOnly(fields: Fields, known: readonly string[], where: string): void {
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  if (strange === undefined) return;
  const near = nearestWord(strange, known);
  wrong(
    `${where} has no field "${strange}"`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Allowed: ${known.join(', ')}.`,
  );
}

export function secondsOf(fields: Fields, name: string, otherwise: number, shown = name): number {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'number' || !(value >= 0))
    return wrong(`${shown} is no number of seconds`, `Write ${name}: ${otherwise}.`);
  return value * 1000;
}
