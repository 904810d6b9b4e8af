/**
 * Target files from YAML to checked objects. Every problem is one sentence with file, line and
 * column, and says what to write instead.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { messageOf, nearestWord, projectRoot, UserError } from '../../../kernel/index.ts';
import { checkAgainst, compileSchema } from '../../dsl/check-shape.ts';
import { InvalidScenarioError } from '../../dsl/invalid-scenario.ts';
import { readYaml } from '../../dsl/read-yaml.ts';
import type { Path, SourceMap } from '../../dsl/source-map.ts';
import { completeTarget } from './complete.ts';
import { namesIn } from './fill.ts';
import type { ReadingSpec, Target, TargetFile } from './target-file.ts';

const MOST_BYTES = 200_000;

/** Values of every call that the harness makes. */
const EVERYWHERE = ['base', 'port', 'database_url'];
export const CALL_VALUES = {
  deposit: [
    'key',
    'op',
    'player',
    'amount',
    'amount_minor',
    'currency',
    'method',
    'card',
    'country',
    'psp',
    'return_url',
  ],
  payout: ['key', 'op', 'player', 'amount', 'amount_minor', 'currency', 'method', 'destination', 'psp'],
  refund: ['key', 'id', 'amount', 'amount_minor', 'currency'],
  fund: ['key', 'player', 'amount', 'amount_minor', 'currency'],
  status: ['id', 'player'],
  reading: ['player'],
  test_clock: ['now'],
} as const;

let compiled: ValidateFunction<TargetFile> | undefined;

/** Reads and checks a target file. Throws a UserError when it cannot be read or is not valid. */
export function loadTarget(file: string): Target {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `${file}: the target file cannot be read (${messageOf(error)})`,
      'Write one with `assay target init`; examples/ has four.',
    );
  }
  return { ...parseTarget(text, file), file, folder: dirname(resolve(file)) };
}

/** Checks YAML text; `file` is what messages call it. */
export function parseTarget(text: string, file: string): TargetFile {
  const { data, source } = readYaml(text, file, {
    what: 'a target file',
    mostBytes: MOST_BYTES,
    tooLong: 'Shorten it.',
  });
  compiled ??= compileSchema<TargetFile>(targetSchema());
  checkAgainst(compiled, data, source, 'the target');
  checkMeaning(data, source);
  return completeTarget(data, kindsOf(targetSchema()));
}

/** The harness's words for ledger entries. */
function kindsOf(schema: Record<string, unknown>): string[] {
  const { kinds } = schema['properties'] as { kinds: { additionalProperties: { enum: string[] } } };
  return kinds.additionalProperties.enum;
}

/** The schema that editors use as well. */
export function targetSchema(): Record<string, unknown> {
  const path = join(projectRoot(), 'scenarios/targets/foreign/target-file.schema.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

function checkMeaning(target: TargetFile, source: SourceMap): void {
  if ((target.start === undefined) === (target.url === undefined))
    throw new InvalidScenarioError(
      source.placeOf([]),
      target.start === undefined
        ? 'the target neither says how it is started nor where it runs'
        : 'the target has both `start` and `url`',
      'Give `start` with a command, or `url` with the address of a service that runs already.',
    );
  const psps = pspValues(target);
  checkNames(source, ['headers'], target.headers, EVERYWHERE);
  const names = (path: Path, template: unknown, allowed: readonly string[]): void =>
    checkNames(source, path, template, [...EVERYWHERE, ...allowed]);
  names(['start'], target.start, psps);
  for (const [name, psp] of Object.entries(target.psps)) {
    names(['psps', name, 'webhooks'], psp.webhooks, []);
    if (target.url !== undefined && psp.port === undefined)
      throw new InvalidScenarioError(
        source.placeOf(['psps', name]),
        `\`psps.${name}\` has no port`,
        'A service that runs already must know where its PSPs are: give `port`, as with `assay psp`.',
      );
  }
  for (const what of ['deposit', 'payout', 'refund', 'fund'] as const) {
    const { answer: _paths, status, ...call } = { answer: {}, status: undefined, ...target[what] };
    names([what], call, CALL_VALUES[what]);
    if (status !== undefined) names([what, 'status'], { ...(status as object), answer: {} }, CALL_VALUES.status);
  }
  for (const [what, reading] of Object.entries(target.observe ?? {})) {
    if (typeof reading === 'string') continue;
    checkReading(source, ['observe', what], reading as ReadingSpec<string>);
    names(['observe', what], { ...(reading as object), answer: {} }, CALL_VALUES.reading);
  }
  names(['abilities', 'test_clock'], target.abilities?.test_clock, CALL_VALUES.test_clock);
}

function checkReading(source: SourceMap, path: Path, reading: ReadingSpec<string>): void {
  const ways = (['call', 'sql', 'command'] as const).filter((way) => reading[way] !== undefined);
  if (ways.length === 1) return;
  throw new InvalidScenarioError(
    source.placeOf(path),
    `\`${path.join('.')}\` has ${ways.length === 0 ? 'none' : ways.join(' and ')} of call, sql and command`,
    'Give exactly one of them.',
  );
}

/** Names of the values that starting knows of: address and credentials of each PSP. */
function pspValues(target: TargetFile): string[] {
  return Object.keys(target.psps).map((name) => `${name}.`);
}

function checkNames(source: SourceMap, path: Path, template: unknown, allowed: readonly string[]): void {
  for (const name of namesIn(template)) {
    if (allowed.includes(name) || allowed.some((one) => one.endsWith('.') && name.startsWith(one))) continue;
    const near = nearestWord(name, allowed);
    throw new InvalidScenarioError(
      source.placeOf(path),
      `\`{${name}}\` in \`${path.join('.')}\` is not a value that is known there${near === undefined ? '' : `; did you mean \`{${near}}\`?`}`,
      `Known: ${allowed.map((one) => (one.endsWith('.') ? `{${one}url}` : `{${one}}`)).join(', ')}.`,
    );
  }
}
