/**
 * One readable line per finished exchange and per webhook delivery, from the simulator's
 * history events: what a person watches while pointing a service at `assay psp`.
 */
import { isoTime, type Clock, type HistoryEventInput, type HistorySink } from '../../kernel/index.ts';
import pc from 'picocolors';

interface Begun {
  atMs: number;
  text: string;
}

type Fields = Record<string, unknown>;

/** Exchanges whose end never came are forgotten beyond this number, oldest first. */
const MOST_OPEN = 10_000;

/** A history that keeps nothing: it numbers the events and gives each finished line to `print`. */
export function createLiveHistory(options: { clock: Clock; print(line: string): void }): HistorySink {
  const { clock, print } = options;
  const begun = new Map<string, Begun>();
  let next = 0;

  function finish(id: unknown, outcome: string): void {
    const start = begun.get(String(id));
    if (start === undefined) return;
    begun.delete(String(id));
    print(
      `${timeOfDay(clock.now())}  ${start.text}  ${outcome}  ${pc.dim(`${Math.round(clock.elapsed() - start.atMs)} ms`)}`,
    );
  }

  function begin(id: unknown, text: string): void {
    begun.set(String(id), { atMs: clock.elapsed(), text });
    const oldest = begun.keys().next().value;
    if (begun.size > MOST_OPEN && oldest !== undefined) begun.delete(oldest);
  }

  function take(event: HistoryEventInput): void {
    const value = (event.value ?? {}) as Fields;
    const key = event.key ?? '';
    switch (`${event.type} ${event.f}`) {
      case 'recv exchange':
        return begin(value['exchange_id'], `${pspOf(event)} → ${text(value['method'])} ${text(value['path'])}  ${key}`);
      case 'send exchange':
        return finish(value['exchange_id'], status(value['status']));
      case 'drop exchange':
        return finish(value['exchange_id'], pc.yellow(text(value['outcome'])));
      case 'send webhook':
        return begin(
          value['delivery_id'],
          `${pspOf(event)} ← ${text(value['event'])} (attempt ${text(value['attempt'])})  ${key}`,
        );
      case 'recv webhook-ack':
        return finish(value['delivery_id'], status(value['status']));
      case 'drop webhook':
      case 'drop webhook-ack':
        return finish(value['delivery_id'], pc.yellow(text(value['reason'])));
      case 'note dead-letter':
        return print(`${timeOfDay(clock.now())}  ${pspOf(event)} ${pc.red('dead letter')}  ${key}`);
      default:
        if (event.type === 'fault' && value['phase'] === undefined) {
          print(`${timeOfDay(clock.now())}  ${text(value['psp']).padEnd(8)} ${pc.magenta(`fault ${event.f}`)}  ${key}`);
        }
    }
  }

  return {
    append: (event) => {
      take(event);
      return next++;
    },
  };
}

/** `psp:stripe` and `courier:stripe` are both the PSP named stripe. */
function pspOf(event: HistoryEventInput): string {
  return (event.proc.split(':')[1] ?? event.proc).padEnd(8);
}

function status(code: unknown): string {
  const ok = typeof code === 'number' && code < 400;
  return (ok ? pc.green : pc.red)(text(code));
}

function text(value: unknown): string {
  return value === undefined ? '' : String(value);
}

function timeOfDay(epochMs: number): string {
  return isoTime(epochMs).slice(11, 23);
}
