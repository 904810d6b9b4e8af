/**
 * What stands after `npm run bench:… --`. All benches read it here, so that a word that one does
 * not know, `--help` among them, is answered in the same way: one sentence that says what it takes,
 * and exit code 254. Knows nothing of what is measured.
 */
import { parseArgs } from 'node:util';
import { UserError } from '../kernel/index.ts';

/** `switch`: stands or does not; `count`: a whole number from 1 on; `list`: words divided by commas. */
export type OptionKind = 'switch' | 'count' | 'list';

interface ValueOf {
  switch: boolean;
  count: number | undefined;
  list: string[] | undefined;
}

export type Options<Takes extends Record<string, OptionKind>> = { [Name in keyof Takes]: ValueOf[Takes[Name]] };

const SHOWN: Readonly<Record<OptionKind, string>> = {
  switch: '',
  count: ' <whole number from 1 on>',
  list: ' <one,another>',
};

/** Ends the process with 254 when the command line is not what the bench takes. */
export function benchOptions<Takes extends Record<string, OptionKind>>(takes: Takes): Options<Takes> {
  try {
    return readOptions(takes, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}: ${error.advice}\n`);
    process.exit(error.exitCode);
  }
}

/** @throws UserError for whatever the bench does not take */
export function readOptions<Takes extends Record<string, OptionKind>>(
  takes: Takes,
  words: readonly string[],
): Options<Takes> {
  const values = parsed(takes, words);
  const read = Object.entries(takes).map(([name, kind]): [string, ValueOf[OptionKind]] => {
    const value = values?.[name];
    if (kind === 'switch') return [name, value === true];
    if (typeof value !== 'string') return [name, undefined];
    return [name, kind === 'list' ? value.split(',') : Number(value)];
  });
  const isWrong = ([, value]: [string, ValueOf[OptionKind]]): boolean =>
    typeof value === 'number' && !(Number.isInteger(value) && value > 0);
  if (values === null || read.some(isWrong)) {
    const shown = Object.entries(takes).map(([name, kind]) => `--${name}${SHOWN[kind]}`);
    throw new UserError(`This bench does not take "${words.join(' ')}"`, `it takes ${shown.join(', ')}.`);
  }
  return Object.fromEntries(read) as Options<Takes>;
}

/** Null when a word is unknown, or a value is missing. */
function parsed(takes: Record<string, OptionKind>, words: readonly string[]): Record<string, unknown> | null {
  const options = Object.fromEntries(
    Object.entries(takes).map(([name, kind]) => [
      name,
      { type: kind === 'switch' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    return parseArgs({ args: [...words], options }).values;
  } catch {
    return null;
  }
}
