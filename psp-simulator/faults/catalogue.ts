/**
 * The catalogue of faults as a Markdown document, written from the kinds themselves: what is
 * said here cannot differ from what is built. `scripts/write-fault-docs.ts` writes the file and
 * a test compares it.
 */
import type { Distribution } from '../../kernel/index.ts';
import type { FaultKind, FaultPoint } from './fault.ts';
import { FAULT_KINDS } from './index.ts';
import { Parameters } from './parameters.ts';
import type { ParameterNote } from './parameters.ts';

const CHAPTERS: readonly { point: readonly FaultPoint[]; title: string; text: string }[] = [
  {
    point: ['before-commit', 'after-commit'],
    title: 'API calls',
    text: 'Struck in the exchange with the PSP. *Before commit* the books have not changed when the client sees the fault, *after commit* they have: to the client both often look the same. Filters: `operation`, `method`, `amount`, `player`, `reference`.',
  },
  {
    point: ['condition'],
    title: 'Lasting conditions',
    text: 'A state of the PSP that shows in many places for as long as the fault lasts.',
  },
  {
    point: ['event', 'delivery'],
    title: 'Webhooks',
    text: 'Struck when an event is stored (*event*) or at each try to deliver it (*delivery*). Filters: `event`, `method`, `amount`, `player`, `reference`.',
  },
  {
    point: ['cardholder'],
    title: 'The payer',
    text: 'Struck when somebody acts on a page, in a browser or through the control API.',
  },
  {
    point: ['settlement'],
    title: 'Settlement',
    text: 'Struck when a settlement batch is told to the merchant. Totals follow the changed lines, so the file agrees with itself and disagrees with the books. One line per batch is struck unless `chance`, `count` or `nth` says otherwise; the ids of the lines are in the history.',
  },
];

export function faultCatalogue(): string {
  const kinds = [...FAULT_KINDS.values()];
  const chapters = CHAPTERS.map(({ point, title, text }) => {
    const own = kinds.filter((kind) => point.includes(kind.point));
    return [`## ${title}`, text, ...own.map(entryOf)].join('\n\n');
  });
  return `${[introduction(kinds.length), ...chapters].join('\n\n')}\n`;
}

function introduction(count: number): string {
  return `# Faults

${count} ways in which a simulated PSP, its webhooks, a payer or a settlement can go wrong. This file is written from the faults themselves by \`npx tsx scripts/write-fault-docs.ts\`; a test compares them, runs every example, and asks for a test of every kind.

Write them under \`faults:\` in a scenario file or in a file for \`assay psp --faults\`. Each takes \`psp\`, \`from\`, \`to\`, \`chance\`, \`count\` and \`nth\` beside its own filters and parameters (\`with\`, in snake case, durations as text). Every draw is keyed by seed, fault, reference, operation or event, and attempt: the same payments are struck however many others there are. How filters work is in [psp-simulator/faults/README.md](../psp-simulator/faults/README.md).

A delay is a duration (\`fixed: 2s\`) or a \`distribution\`: \`{ kind: fixed, ms: 2s }\`, \`{ kind: uniform, min: 1s, max: 6s }\`, \`{ kind: lognormal, p50: 200ms, p95: 2s }\`, \`{ kind: exponential, mean: 1s }\`, \`{ kind: pareto, min: 100ms, alpha: 1.5 }\`.`;
}

function entryOf(kind: FaultKind): string {
  const { name, summary, example, precedent } = kind;
  return `### ${name}

${summary} Point: ${pointOf(kind)}.

\`\`\`yaml
faults:
  - ${example}
\`\`\`

${parametersOf(kind)}

Seen: ${precedent.what} <${precedent.source}>`;
}

function pointOf(kind: FaultKind): string {
  const point = kind.point.replace('-', ' ');
  if (kind.point === 'condition') return `${point} (seen at each ${kind.seenAt.join(' and ')})`;
  const operations = 'operations' in kind ? kind.operations : undefined;
  return operations === undefined ? point : `${point}, only ${operations.join(', ')}`;
}

function parametersOf(kind: FaultKind): string {
  const notes = Parameters.notesOf(kind);
  if (notes.length === 0) return 'No parameters.';
  const rows = notes.map(
    (note) =>
      `| \`${snakeCase(note.name)}\` | ${escaped(note.means)} | ${note.isDuration ? durationShown(note) : shown(note.fallback)} |`,
  );
  return ['| `with` | what | default |', '| --- | --- | --- |', ...rows].join('\n');
}

/** As a scenario file writes it: `retryAfterS` is `retry_after_s`, `lagMs` is `lag`. */
function snakeCase(name: string): string {
  const plain = name.endsWith('Ms') ? name.slice(0, -2) : name;
  return plain.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function durationShown({ fallback }: ParameterNote): string {
  return typeof fallback === 'number' ? `\`${durationText(fallback)}\`` : '';
}

/** `90s`, `10m`, `250ms`, as scenario files write durations. */
function durationText(ms: number): string {
  if (ms % 3_600_000 === 0 && ms > 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

function shown(fallback: unknown): string {
  if (fallback === undefined) return '';
  if (Array.isArray(fallback)) return `\`[${fallback.join(', ')}]\``;
  if (typeof fallback === 'object') return `\`${distributionText(fallback as Distribution)}\``;
  return `\`${String(fallback)}\``;
}

function distributionText({ kind, ...parts }: Distribution): string {
  const texts = Object.entries(parts).map(([name, value]) => `${snakeCase(name)}: ${durationText(Number(value))}`);
  return `{ kind: ${kind}, ${texts.join(', ')} }`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
