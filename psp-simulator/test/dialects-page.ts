/**
 * Renders `docs/DIALECTS.md`: what the conformance suites of the SDKs really did, and what each
 * dialect declares about keys, webhooks and limits. Written by `psp-simulator/test/write-dialects-page.ts`,
 * compared by a test.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../kernel/index.ts';
import type { DialectProbe } from '../conformance/probe.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { DIALECTS } from '../dialects/index.ts';
import { CAPABILITIES, CONFORMANCE_FOLDER } from './sdk-suite.ts';
import type { SdkResult } from './sdk-suite.ts';

const SECOND_MS = 1_000;
const UNITS: readonly [number, string][] = [
  [24 * 3_600_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [SECOND_MS, 's'],
];

/** The official SDKs that must have a result before the page can be written. */
export const SDKS = [
  '@adyen/api-library',
  '@mollie/api-client',
  '@paypal/paypal-server-sdk',
  'checkout-sdk-node',
  'mollie-api-typescript',
  'stripe',
] as const;

/** Results of the suites that have run, by name of the SDK. */
export function sdkResults(): SdkResult[] {
  if (!existsSync(CONFORMANCE_FOLDER)) return [];
  return readdirSync(CONFORMANCE_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(CONFORMANCE_FOLDER, name), 'utf8')) as SdkResult)
    .sort((a, b) => (a.sdk < b.sdk ? -1 : 1));
}

export async function dialectsPage(results: readonly SdkResult[]): Promise<string> {
  const dialects = Object.values(DIALECTS).sort((a, b) => (a.name < b.name ? -1 : 1));
  const sections = await Promise.all(dialects.map(sectionOf));
  return [
    '# Dialects',
    '',
    'What is simulated of each PSP, and what proves it. This page is written by `npx tsx psp-simulator/test/write-dialects-page.ts` from the results of the tests; a test compares them. Details, magic values and what is *not* simulated stand in the README of each dialect.',
    '',
    '## Official SDKs, unmodified',
    '',
    'Each npm SDK runs the same list of capabilities against the simulator over real sockets (`psp-simulator/test/sdk-*.test.ts`). A number points to the reason why an SDK has no such thing.',
    '',
    ...sdkTable(results),
    '',
    '## How each PSP behaves',
    '',
    'The conformance suite (`psp-simulator/conformance/`) asks every dialect the same questions in its own wire format and compares the answers with the books.',
    '',
    ...keysTable(dialects),
    '',
    ...webhookTable(dialects),
    '',
    ...sections.flat(),
  ].join('\n');
}

function sdkTable(results: readonly SdkResult[]): string[] {
  const reasons: string[] = [];
  const cell = (text: string): string => {
    if (text === 'passed') return '✔';
    if (text === 'failed') return '✘';
    const known = reasons.indexOf(text);
    if (known >= 0) return `(${known + 1})`;
    reasons.push(text);
    return `(${reasons.length})`;
  };
  const rows = results.map(({ sdk, version, dialect, capabilities }) => [
    `\`${sdk}\` ${version}`,
    dialect,
    ...CAPABILITIES.map((name) => cell(capabilities[name])),
  ]);
  return [
    ...table(['SDK', 'Dialect', ...CAPABILITIES], rows),
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    '',
    ...results.map(({ sdk, reached }) => `- \`${sdk}\` reached the simulator by ${reached}.`),
  ];
}

function keysTable(dialects: readonly Dialect[]): string[] {
  const rows = dialects.map(({ name, idempotency, profile, publishedRateLimit }) => [
    name,
    `\`${idempotency.keyHeader}\`${idempotency.required ? ' (required)' : ''}, at most ${idempotency.maxKeyLength} characters`,
    duration(profile.keyLifeMs),
    idempotency.otherBody === 'refuse' ? 'refused' : 'first answer again',
    `${publishedRateLimit.requests} in ${duration(publishedRateLimit.windowMs)}`,
  ]);
  return table(['Dialect', 'Idempotency key', 'Key life', 'Same key, other body', 'Published rate limit'], rows);
}

function webhookTable(dialects: readonly Dialect[]): string[] {
  const rows = dialects.map(({ name, profile, queue, signsTime, acknowledges }) => [
    name,
    schedule(profile.retryScheduleMs),
    duration(profile.ackTimeoutMs),
    [200, 202, 204].filter(acknowledges).length === 3 ? 'any 2xx' : '200 only',
    queue === 'head-of-line' ? 'one line: a failure holds back the rest' : 'independent',
    signsTime ? 'yes' : 'no',
  ]);
  return table(['Dialect', 'Retries after', 'Waits for', 'Acknowledged by', 'Queue', 'Signature covers time'], rows);
}

async function sectionOf(dialect: Dialect): Promise<string[]> {
  const missing = await notOfferedBy(dialect);
  return [
    `### ${dialect.title}`,
    '',
    `[README](../psp-simulator/dialects/${dialect.name}/README.md) · ${dialect.routes.length} routes · ${Object.keys(dialect.eventTypes).length} event types${dialect.hosts.length === 0 ? '' : ` · ${dialect.hosts.map((host) => `\`${host}\``).join(', ')}`}`,
    '',
    ...(missing.length === 0 ? [] : ['Not there, because the PSP has no such thing:', '', ...missing, '']),
    '<details><summary>Event types</summary>',
    '',
    Object.keys(dialect.eventTypes)
      .map((type) => `\`${type}\``)
      .join(', '),
    '',
    '</details>',
    '',
  ];
}

async function notOfferedBy(dialect: Dialect): Promise<string[]> {
  const file = join(projectRoot(), 'psp-simulator', 'dialects', dialect.name, 'test', 'probe.ts');
  const { probe } = (await import(pathToFileURL(file).href)) as { probe: DialectProbe };
  const features = Object.entries(probe as unknown as Record<string, unknown>)
    .filter((entry): entry is [string, { notOffered: string }] => isNotOffered(entry[1]))
    .map(([name, { notOffered }]) => `- ${words(name)}: ${notOffered}`);
  const cards = Object.entries(probe.cardsNotOffered).map(([card, reason]) => `- card \`${card}\`: ${reason}`);
  return [...features, ...cards];
}

function isNotOffered(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'notOffered' in value;
}

/** `payWithToken` → `pay with token`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Equal pauses in a row are told once: `9 s, 18 s, then 87 × 8 h`. */
function schedule(pausesMs: readonly number[]): string {
  const parts: { text: string; count: number }[] = [];
  for (const pauseMs of pausesMs) {
    const text = duration(pauseMs);
    const last = parts.at(-1);
    if (last?.text === text) last.count += 1;
    else parts.push({ text, count: 1 });
  }
  return parts.map(({ text, count }) => (count === 1 ? text : `${count} × ${text}`)).join(', ');
}

function duration(ms: number): string {
  if (ms === 0) return 'none';
  for (const [unitMs, unit] of UNITS) if (ms >= unitMs && ms % unitMs === 0) return `${ms / unitMs} ${unit}`;
  const [unitMs, unit] = UNITS.find(([size]) => ms >= size) ?? [1, 'ms'];
  return `about ${Math.round((ms / unitMs) * 10) / 10} ${unit}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
