/**
 * One readable line per thing that happens at a running simulator: what a person watches while
 * pointing a service at `assay psp` or `assay up`.
 *
 *   10:02:11.482  stripe   → POST /v1/payment_intents  order-7  200  361 ms
 *   10:02:11.990  stripe   ← payment_intent.succeeded (attempt 1)  order-7  200  4 ms
 */
import pc from 'picocolors';
import type { Clock, HistorySink } from '../../kernel/index.ts';
import { createLiveEvents, type LiveEvent } from './live-events.ts';

/** Names of PSPs are as long as their owners like; shorter ones stand in a column. */
const NAME_WIDTH = 12;

/** A history that gives each line to `print`. */
export function createLiveHistory(options: { clock: Clock; print(line: string): void }): HistorySink {
  const { clock, print } = options;
  return createLiveEvents({
    clock,
    tell: (event) => {
      const line = lineOf(event);
      if (line !== undefined) print(line);
    },
  });
}

/** The line for an event; undefined where another line says it already. */
export function lineOf(event: LiveEvent): string | undefined {
  const text = textOf(event);
  if (text === undefined) return undefined;
  const reference = event.reference === null ? '' : `  ${event.reference}`;
  const took = event.ms === undefined ? '' : `  ${pc.dim(`${event.ms} ms`)}`;
  const name = (event.psp ?? '').padEnd(NAME_WIDTH);
  return `${event.at.slice(11, 23)}  ${name} ${text.what}${reference}${text.outcome}${took}`;
}

interface LineText {
  what: string;
  outcome: string;
}

function textOf(event: LiveEvent): LineText | undefined {
  switch (event.kind) {
    case 'exchange': {
      const replayed = event['replayed'] === true ? pc.dim('  (replayed)') : '';
      return { what: `→ ${text(event['method'])} ${text(event['path'])}`, outcome: `  ${outcomeOf(event)}${replayed}` };
    }
    case 'delivery': {
      const signature = event['signature'];
      const strange = signature === undefined || signature === 'valid' ? '' : pc.magenta(`  ${text(signature)}`);
      return {
        what: `← ${text(event['event'])} (attempt ${text(event['attempt'])})`,
        outcome: `  ${outcomeOf(event)}${strange}`,
      };
    }
    case 'books':
      // What an API call changed is seen from the call; a payout that is paid later has no other line.
      if (event['caused'] === true) return undefined;
      return { what: `· ${text(event['change'])} ${money(event)}`, outcome: '' };
    case 'fault':
      if (event['phase'] !== undefined)
        return {
          what: pc.magenta(`fault ${text(event['fault'])} ${event['phase'] === 'begin' ? 'begins' : 'ends'}`),
          outcome: '',
        };
      return { what: pc.magenta(`fault ${text(event['fault'])}`), outcome: '' };
    case 'note':
      return noteText(event);
  }
}

function noteText(event: LiveEvent): LineText | undefined {
  switch (event['note']) {
    case 'dead-letter':
      return { what: pc.red('dead letter'), outcome: `  ${text(event['event'])}` };
    case 'event-not-sent':
      return {
        what: `← ${text(event['event'] ?? event['event_id'])}`,
        outcome: `  ${pc.yellow(`not sent: ${text(event['reason'])}`)}`,
      };
    case 'cardholder':
      return { what: `· cardholder: ${text(event['action'])}`, outcome: '' };
    case 'trigger':
      return { what: `· trigger ${text(event['event'])}`, outcome: '' };
    default:
      if (event['message'] === undefined) return undefined;
      return {
        what: pc.yellow(text(event['note'])),
        outcome: `  ${event['host'] == null ? '' : `${text(event['host'])}: `}${text(event['message'])}`,
      };
  }
}

function outcomeOf(event: LiveEvent): string {
  const { status, outcome } = event as { status?: unknown; outcome?: unknown };
  if (typeof status !== 'number' || (outcome !== undefined && outcome !== 'answered')) return pc.yellow(text(outcome));
  return (status < 400 ? pc.green : pc.red)(text(status));
}

/** `50.00 EUR`; an unknown currency shows its minor units. */
function money(event: LiveEvent): string {
  const { amount_minor: minor, currency } = event as { amount_minor?: unknown; currency?: unknown };
  if (typeof minor !== 'number' || typeof currency !== 'string') return '';
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
    return `${(minor / 10 ** decimals).toFixed(decimals)} ${currency}`;
  } catch {
    return `${minor} ${currency}`;
  }
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
