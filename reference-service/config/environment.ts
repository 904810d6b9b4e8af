/**
 * Values of environment variables, each checked as it is read. A message names the variable and
 * the next step, and never repeats what may be a secret.
 */
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../kernel/index.ts';

export type Environment = Record<string, string | undefined>;

/** @throws UserError when it is missing or empty */
export function required(environment: Environment, name: string, example: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new UserError(`${name} is not set.`, `Set ${name}: ${example}.`);
  return value;
}

/**
 * A secret from the variable or from the file that `<name>_FILE` names, as orchestrators mount
 * them; one line break at its end is not part of it.
 * @throws UserError when both are given, or the file cannot be read
 */
export function optionalSecret(environment: Environment, name: string): string | undefined {
  const [value, file] = [environment[name], environment[`${name}_FILE`]];
  if (file === undefined || file === '') return value === '' ? undefined : value;
  if (!existsSync(file))
    throw new UserError(`${name}_FILE names ${file}, which does not exist.`, `Correct ${name}_FILE, or set ${name}.`);
  if (value !== undefined && value !== '')
    throw new UserError(`Both ${name} and ${name}_FILE are set.`, 'Leave one of them unset.');
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new UserError(`${name}_FILE names ${file}, which cannot be read.`, 'Let the service read the file.');
  }
}

/** @throws UserError when neither the variable nor its file gives anything */
export function secret(environment: Environment, name: string, example: string): string {
  const value = optionalSecret(environment, name);
  if (value === undefined || value === '') throw new UserError(`${name} is not set.`, `Set ${name}: ${example}.`);
  return value;
}

/** @throws UserError when it is no whole number within the bounds */
export function integer(
  environment: Environment,
  name: string,
  fallback: number,
  { min, max }: { min: number; max: number },
): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UserError(
      `${name} is "${text}"; it must be a whole number from ${min} to ${max}.`,
      `Correct ${name} or leave it unset (${fallback === Infinity ? 'none' : fallback}).`,
    );
  }
  return value;
}

/** @throws UserError when the text is no http or https URL; the text is not repeated, it may hold a password */
export function httpUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UserError(`${name} is not an http or https URL.`, `Correct ${name}, for instance http://127.0.0.1:8080.`);
  return text.replace(/\/$/, '');
}

/** @throws UserError when the text is not JSON; what is wrong where, but nothing of the text */
export function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // V8 quotes the text around the mistake; the position is enough to find it.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const where = position === undefined ? '' : ` (at character ${position})`;
    throw new UserError(`${name} is not valid JSON${where}.`, `Correct ${name}.`);
  }
}
