/**
 * `partner.yaml` as values: who is verified, where, with which credentials, and how webhooks are
 * got hold of. Secrets come from the environment, by name, so that the file can be shown around.
 * Every mistake is one sentence that names the field and the next step.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { messageOf, nearestWord } from '../../kernel/index.ts';
import { fieldsOf, knownOnly, secondsOf, textOf, textsOf, urlOf, wrong, type Fields } from './config-fields.ts';
import { DIALECTS } from './dialects/index.ts';
import type { Dialect } from './dialects/dialect.ts';
import { isSecret, LEAST_SECRET_LENGTH } from './secrets.ts';

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

const TOP = [
  ...['partner', 'dialect', 'base_url', 'credentials', 'webhooks', 'test_values', 'states', 'openapi', 'vectors'],
  ...['patience_seconds', 'deviations'],
];
const EXAMPLE = 'Compare it with the example in contracts/PARTNERS.md.';

const WEBHOOK_FIELDS = ['source', 'listen', 'path', 'items', 'folder', 'wait_seconds', 'retry_wait_seconds'];

/** @throws UserError for the first mistake */
export function readPartnerConfig(path: string): PartnerConfig {
  if (!existsSync(path))
    wrong(`there is no file ${path}`, 'Copy the example from contracts/PARTNERS.md, or try --target simulator:stripe.');
  const text = textIn(path);
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    // The first line says what and where; the ones below quote the file.
    wrong(`${path} is not YAML: ${messageOf(error).split('\n')[0]}`, EXAMPLE);
  }
  return partnerConfig(fieldsOf(content, path), { folder: dirname(resolve(path)), environment: process.env });
}

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return wrong(`${path} cannot be read: ${messageOf(error)}`, 'Give the path of a file that you may read.');
  }
}

/** @throws UserError for the first mistake */
export function partnerConfig(
  file: Fields,
  { folder, environment }: { folder: string; environment: Readonly<Record<string, string | undefined>> },
): PartnerConfig {
  knownOnly(file, TOP, 'partner.yaml');
  const dialect = dialectOf(textOf(file, 'dialect'));
  const states = file['states'] === undefined ? undefined : fieldsOf(file['states'], 'states', ['url']);
  const openapi = file['openapi'] === undefined ? undefined : resolve(folder, textOf(file, 'openapi'));
  if (openapi !== undefined) checkOpenApi(openapi);
  const vectors = file['vectors'] === undefined ? undefined : fieldsOf(file['vectors'], 'vectors', ['command']);
  return {
    partner: textOf(file, 'partner'),
    dialect,
    baseUrl: urlOf(textOf(file, 'base_url'), 'base_url'),
    credentials: credentialsOf(fieldsOf(file['credentials'] ?? {}, 'credentials'), dialect, environment),
    webhooks: webhooksOf(fieldsOf(file['webhooks'] ?? { source: 'none' }, 'webhooks', WEBHOOK_FIELDS), folder),
    testValues: textsOf(fieldsOf(file['test_values'] ?? {}, 'test_values'), 'test_values'),
    ...(states === undefined ? {} : { statesUrl: urlOf(textOf(states, 'url', 'states.url'), 'states.url') }),
    ...(openapi === undefined ? {} : { openapi }),
    ...(vectors === undefined ? {} : { signer: commandOf(vectors['command']) }),
    patienceMs: secondsOf(file, 'patience_seconds', 10),
    deviations: deviationsOf(file['deviations'] ?? []),
  };
}

function checkOpenApi(path: string): void {
  if (!existsSync(path)) wrong(`openapi: there is no file ${path}`, 'Give a path beside partner.yaml.');
  let document: unknown;
  try {
    document = parse(textIn(path));
  } catch (error) {
    wrong(`openapi: ${path} is not YAML or JSON: ${messageOf(error).split('\n')[0]}`, 'Give an OpenAPI 3.1 document.');
  }
  const version = typeof document === 'object' && document !== null ? (document as Fields)['openapi'] : undefined;
  if (typeof version !== 'string' || !version.startsWith('3.1'))
    wrong(`openapi: ${path} is no OpenAPI 3.1 document`, 'Its first line should be openapi: 3.1.0.');
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
  knownOnly(fields, [...dialect.needs, ...(dialect.reads ?? [])], 'credentials');
  const missing = dialect.needs.find((name) => fields[name] === undefined);
  if (missing !== undefined)
    wrong(
      `credentials.${missing} is missing, which ${dialect.name} needs`,
      `Add \`${missing}: { env: ${variableFor(missing)} }\` under credentials.`,
    );
  const given = Object.entries(fields).map(([name, source]) => [name, credential(name, source, environment)] as const);
  return Object.fromEntries(given);
}

/** `apiKey` → `PARTNER_API_KEY`. */
const variableFor = (name: string): string => `PARTNER_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;

/** Whoever writes the secret itself where its name belongs must not find it in a log. */
const SHOWN = /^[A-Z][A-Z0-9_]*$/;

function credential(name: string, source: unknown, environment: Readonly<Record<string, string | undefined>>): string {
  const variable = typeof source === 'object' && source !== null ? (source as Fields)['env'] : undefined;
  if (typeof variable !== 'string')
    return wrong(
      `credentials.${name} is not the name of a variable`,
      `Write \`${name}: { env: ${variableFor(name)} }\`; secrets do not belong into the file.`,
    );
  const value = environment[variable] ?? '';
  const shown = SHOWN.test(variable) ? variable : undefined;
  if (value === '')
    return wrong(
      `credentials.${name}: the environment has no ${shown ?? 'variable of that name'}`,
      shown === undefined
        ? `Write \`${name}: { env: ${variableFor(name)} }\`, the name and not the secret.`
        : `Set it: export ${shown}=…`,
    );
  if (isSecret(name) && value.length < LEAST_SECRET_LENGTH)
    return wrong(
      `credentials.${name} is shorter than ${LEAST_SECRET_LENGTH} characters, and could not be hidden in reports`,
      'Is the variable set to the whole secret?',
    );
  return value;
}

const MOST_PORT = 65_535;
const LISTEN = /^(?:([^:]+):)?(\d{1,5})$/;

function webhooksOf(fields: Fields, folder: string): WebhookSource {
  const source = textOf(fields, 'source', 'webhooks.source') as WebhookSource['source'];
  if (!['receive', 'pull', 'folder', 'none'].includes(source))
    wrong(`webhooks.source "${source}" is not known`, 'Allowed: receive, pull, folder, none.');
  const [, host = '127.0.0.1', port = ''] = LISTEN.exec(String(fields['listen'] ?? '127.0.0.1:8787')) ?? [];
  if (port === '' || Number(port) > MOST_PORT)
    wrong(`webhooks.listen "${String(fields['listen'])}" is no address`, 'Write host:port, such as 0.0.0.0:8787.');
  const recorded = source === 'folder' ? resolve(folder, textOf(fields, 'folder', 'webhooks.folder')) : '';
  if (source === 'folder' && !existsSync(recorded))
    wrong(`webhooks.folder: there is no folder ${recorded}`, 'Record one with source: receive and --out.');
  return {
    source,
    host,
    port: Number(port),
    path: source === 'pull' ? pathOf(textOf(fields, 'path', 'webhooks.path')) : '',
    items: String(fields['items'] ?? 'data'),
    folder: recorded,
    waitMs: secondsOf(fields, 'wait_seconds', 60, 'webhooks.wait_seconds'),
    retryWaitMs: secondsOf(fields, 'retry_wait_seconds', 600, 'webhooks.retry_wait_seconds'),
  };
}

function pathOf(text: string): string {
  return text.startsWith('/') ? text : wrong('webhooks.path does not begin with /', 'Write it as path: /v1/events.');
}

function deviationsOf(list: unknown): Deviation[] {
  if (!Array.isArray(list)) return wrong('deviations is not a list', 'Each entry has check, reason and until.');
  return list.map((entry, index) => {
    const fields = fieldsOf(entry, `deviations[${index}]`, ['check', 'reason', 'until']);
    const until =
      fields['until'] instanceof Date ? fields['until'].toISOString().slice(0, 10) : String(fields['until']);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until)))
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
