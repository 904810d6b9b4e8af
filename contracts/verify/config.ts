/**
 * `partner.yaml` as values: who is verified, where, with which credentials, and how webhooks are
 * got hold of. Secrets come from the environment, by name, so that the file can be shown around.
 * Every mistake is one sentence that names the field and the next step.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { messageOf, nearestWord, UserError } from '../../kernel/index.ts';
import { DIALECTS } from './dialects/index.ts';
import type { Dialect } from './dialects/dialect.ts';

export interface WebhookSource {
  source: 'receive' | 'pull' | 'folder' | 'none';
  /** receive: where this tool listens. */
  host: string;
  port: number;
  /** pull: path of the event log, and where the list stands in its answer. */
  path: string;
  items: string;
  /** folder: of recorded deliveries. */
  folder: string;
  waitMs: number;
  retryWaitMs: number;
}

export interface Deviation {
  check: string;
  reason: string;
  /** ISO date; from then on the check fails again. */
  until: string;
}

export interface PartnerConfig {
  partner: string;
  dialect: Dialect;
  baseUrl: string;
  credentials: Readonly<Record<string, string>>;
  webhooks: WebhookSource;
  /** Our test values and theirs: `tok_ok: card_4242`. */
  testValues: Readonly<Record<string, string>>;
  /** Where states are made that no call can make; undefined: nowhere. */
  statesUrl?: string;
  openapi?: string;
  /** A program of the partner's that signs vectors. */
  signer?: readonly string[];
  /** How long a status query is repeated until it is true. */
  patienceMs: number;
  deviations: readonly Deviation[];
}

type Fields = Record<string, unknown>;

const TOP = [
  ...['partner', 'dialect', 'base_url', 'credentials', 'webhooks', 'test_values', 'states', 'openapi', 'vectors'],
  ...['patience_seconds', 'deviations'],
];
const WEBHOOK_FIELDS = ['source', 'listen', 'path', 'items', 'folder', 'wait_seconds', 'retry_wait_seconds'];

const wrong = (what: string, advice: string): never => {
  throw new UserError(what, advice);
};

/** @throws UserError for the first mistake */
export function readPartnerConfig(path: string): PartnerConfig {
  if (!existsSync(path))
    wrong(`there is no file ${path}`, 'Copy the example from contracts/PARTNERS.md, or try --target simulator:stripe.');
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    wrong(
      `${path} is not YAML: ${messageOf(error).split('\n')[0]}`,
      'Compare it with the example in contracts/PARTNERS.md.',
    );
  }
  return partnerConfig(fieldsOf(content, path), { folder: dirname(resolve(path)), environment: process.env });
}

/** @throws UserError for the first mistake */
export function partnerConfig(
  file: Fields,
  { folder, environment }: { folder: string; environment: Readonly<Record<string, string | undefined>> },
): PartnerConfig {
  knownOnly(file, TOP, 'partner.yaml');
  const dialect = dialectOf(textOf(file, 'dialect'));
  const states = file['states'] === undefined ? undefined : fieldsOf(file['states'], 'states');
  const openapi = file['openapi'] === undefined ? undefined : resolve(folder, textOf(file, 'openapi'));
  if (openapi !== undefined && !existsSync(openapi))
    wrong(`openapi: there is no file ${openapi}`, 'Give a path beside partner.yaml.');
  const vectors = file['vectors'] === undefined ? undefined : fieldsOf(file['vectors'], 'vectors');
  return {
    partner: textOf(file, 'partner'),
    dialect,
    baseUrl: urlOf(textOf(file, 'base_url'), 'base_url'),
    credentials: credentialsOf(fieldsOf(file['credentials'] ?? {}, 'credentials'), dialect, environment),
    webhooks: webhooksOf(fieldsOf(file['webhooks'] ?? { source: 'none' }, 'webhooks'), folder),
    testValues: textsOf(fieldsOf(file['test_values'] ?? {}, 'test_values')),
    ...(states === undefined ? {} : { statesUrl: urlOf(textOf(states, 'url', 'states.url'), 'states.url') }),
    ...(openapi === undefined ? {} : { openapi }),
    ...(vectors === undefined ? {} : { signer: commandOf(vectors['command']) }),
    patienceMs: secondsOf(file, 'patience_seconds', 10),
    deviations: deviationsOf(file['deviations'] ?? []),
  };
}

function dialectOf(name: string): Dialect {
  const names = DIALECTS.map((dialect) => dialect.name);
  const near = nearestWord(name, names);
  return (
    DIALECTS.find((dialect) => dialect.name === name) ??
    wrong(
      `dialect "${name}" is not known`,
      `${near === undefined ? '' : `Did you mean ${near}? `}Allowed: ${names.join(', ')}.`,
    )
  );
}

function credentialsOf(
  fields: Fields,
  dialect: Dialect,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const given = Object.entries(fields).map(([name, source]) => {
    const variable = typeof source === 'object' && source !== null ? (source as Fields)['env'] : undefined;
    if (typeof variable !== 'string')
      return wrong(
        `credentials.${name} is not the name of a variable`,
        `Write \`${name}: { env: PARTNER_${name.toUpperCase()} }\`; secrets do not belong into the file.`,
      );
    const value = environment[variable];
    if (value === undefined || value === '')
      return wrong(`credentials.${name}: the environment has no ${variable}`, `Set it: export ${variable}=…`);
    return [name, value] as const;
  });
  const missing = dialect.needs.find((name) => fields[name] === undefined);
  if (missing !== undefined)
    wrong(
      `credentials.${missing} is missing, which ${dialect.name} needs`,
      `Add \`${missing}: { env: PARTNER_${missing.toUpperCase()} }\` under credentials.`,
    );
  return Object.fromEntries(given);
}

const LISTEN = /^(?:([^:]+):)?(\d{1,5})$/;

function webhooksOf(fields: Fields, folder: string): WebhookSource {
  knownOnly(fields, WEBHOOK_FIELDS, 'webhooks');
  const source = textOf(fields, 'source', 'webhooks.source') as WebhookSource['source'];
  if (!['receive', 'pull', 'folder', 'none'].includes(source))
    wrong(`webhooks.source "${source}" is not known`, 'Allowed: receive, pull, folder, none.');
  const [, host = '127.0.0.1', port = ''] = LISTEN.exec(String(fields['listen'] ?? '127.0.0.1:8787')) ?? [];
  if (port === '')
    wrong(`webhooks.listen "${String(fields['listen'])}" is no address`, 'Write host:port, such as 0.0.0.0:8787.');
  const recorded = source === 'folder' ? resolve(folder, textOf(fields, 'folder', 'webhooks.folder')) : '';
  if (source === 'folder' && !existsSync(recorded))
    wrong(`webhooks.folder: there is no folder ${recorded}`, 'Record one with source: receive and --out.');
  return {
    source,
    host,
    port: Number(port),
    path: source === 'pull' ? textOf(fields, 'path', 'webhooks.path') : '',
    items: String(fields['items'] ?? 'data'),
    folder: recorded,
    waitMs: secondsOf(fields, 'wait_seconds', 60),
    retryWaitMs: secondsOf(fields, 'retry_wait_seconds', 600),
  };
}

function deviationsOf(list: unknown): Deviation[] {
  if (!Array.isArray(list)) return wrong('deviations is not a list', 'Each entry has check, reason and until.');
  return list.map((entry, index) => {
    const fields = fieldsOf(entry, `deviations[${index}]`);
    const until =
      fields['until'] instanceof Date ? fields['until'].toISOString().slice(0, 10) : String(fields['until']);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until))
      wrong(`deviations[${index}].until is no date`, 'A deviation ends one day: write until: 2027-01-31.');
    return {
      check: textOf(fields, 'check', `deviations[${index}].check`),
      reason: textOf(fields, 'reason', `deviations[${index}].reason`),
      until,
    };
  });
}

function commandOf(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string')) return value;
  return wrong('vectors.command is no command', 'Write it as a list: command: [./sign-vector].');
}

function secondsOf(fields: Fields, name: string, otherwise: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'number' || !(value >= 0))
    return wrong(`${name} is no number of seconds`, `Write ${name}: ${otherwise}.`);
  return value * 1000;
}

function urlOf(text: string, name: string): string {
  if (!/^https?:\/\/[^/\s]+/.test(text))
    wrong(`${name} "${text}" is no URL`, 'Begin with https:// (or http:// on your own machine).');
  return text.replace(/\/+$/, '');
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  return wrong(`${name} has no fields`, 'Compare it with the example in contracts/PARTNERS.md.');
}

function textOf(fields: Fields, name: string, shown = name): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  return wrong(`${shown} is missing or no text`, `Add \`${name}: …\`; contracts/PARTNERS.md has an example.`);
}

function textsOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

function knownOnly(fields: Fields, known: readonly string[], where: string): void {
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  if (strange === undefined) return;
  const near = nearestWord(strange, known);
  wrong(
    `${where} has no field "${strange}"`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Allowed: ${known.join(', ')}.`,
  );
}
