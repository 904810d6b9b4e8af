/**
 * Makes a new dialect out of the template: copies `psp-simulator/dialects/_template`, puts the
 * new name in place of the template's in all its spellings, and registers the dialect. The
 * template passes the conformance suite, so the copy does, too, before a line of it is changed.
 *
 * It refuses before it writes: a name that cannot be used leaves no trace.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { UserError } from '../kernel/index.ts';

/** The name of the dialect in the template. */
const TEMPLATE_NAME = 'example-bank';

/** As long as the name of a PSP may be, which is most often the dialect's. */
const MOST_NAME = 32;

/** Words that cannot be the name of a constant. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

export interface NewDialect {
  /** Absolute paths of what was written, the register last. */
  readonly files: string[];
}

/** Throws a UserError when the name is bad or taken. `root` is the project's folder. */
export async function dialectFromTemplate(root: string, name: string): Promise<NewDialect> {
  const dialects = join(root, 'psp-simulator', 'dialects');
  checkName(name, dialects);
  const template = join(dialects, '_template');
  const folder = join(dialects, name);
  const copies = sourcesOf(template).map((path) => ({
    file: join(folder, renamed(path, name)),
    text: renamed(readFileSync(join(template, path), 'utf8'), name),
  }));
  const register = join(dialects, 'index.ts');
  const files = [...copies, { file: register, text: registered(readFileSync(register, 'utf8'), name) }];
  for (const { file, text } of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  }
  return { files: files.map(({ file }) => file) };
}

function checkName(name: string, dialects: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > MOST_NAME) {
    throw new UserError(
      `"${name}" cannot be the name of a dialect`,
      `Use at most ${MOST_NAME} lower-case letters and digits, in words joined by hyphens, each beginning with a letter.`,
    );
  }
  if (RESERVED.has(name)) throw new UserError(`"${name}" is a word of JavaScript`, 'Choose another name.');
  if (name === TEMPLATE_NAME || existsSync(join(dialects, name)) || existsSync(join(dialects, `${name}.ts`)))
    throw new UserError(`there is a "${name}" in psp-simulator/dialects already`, 'Choose another name.');
}

/** Paths of the template's files, relative to it. */
function sourcesOf(template: string): string[] {
  return readdirSync(template, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path).includes('.'))
    .sort();
}

/** The template's name in each spelling, and the new one's. */
function renamed(text: string, name: string): string {
  const words = name.split('-');
  const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const pascal = words.map(capital).join('');
  return text
    .replaceAll('exampleBank', `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`)
    .replaceAll('ExampleBank', pascal)
    .replaceAll('EXAMPLE_BANK', words.join('_').toUpperCase())
    .replaceAll('Example Bank', words.map(capital).join(' '))
    .replaceAll(TEMPLATE_NAME, name);
}

/** The register of dialects with one more: an import in its place in the alphabet, and a line at the end. */
function registered(source: string, name: string): string {
  const constant = renamed('exampleBank', name);
  const lines = source.split('\n');
  const added = `import { ${constant} } from './${name}/index.ts';`;
  const isImport = (line: string): boolean => /^import \{ \w+ \} from '\.\/[a-z0-9-]+\/index\.ts';$/.test(line);
  const imports = lines.filter(isImport);
  const next = imports.find((line) => pathOf(line) > pathOf(added));
  const last = imports.at(-1);
  const close = lines.lastIndexOf('};');
  if (last === undefined || close < 0)
    throw new UserError('psp-simulator/dialects/index.ts is not as it was', 'Register the dialect there by hand.');
  lines.splice(close, 0, `  [${constant}.name]: ${constant},`);
  lines.splice(next === undefined ? lines.indexOf(last) + 1 : lines.indexOf(next), 0, added);
  return lines.join('\n');
}

function pathOf(importLine: string): string {
  return importLine.slice(importLine.indexOf("'"));
}
