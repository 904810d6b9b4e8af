/**
 * One event of a history in plain words, and the lane it belongs to. Timelines in the terminal,
 * in JUnit and in the HTML report all speak through this file, so that they say the same.
 */
import { minorUnits, money } from '../history/index.ts';
import type { HistoryEvent } from '../history/index.ts';
import { describeSettlement } from './describe-settlement.ts';

export type LaneKind = 'player' | 'service' | 'psp' | 'deliveries' | 'ledger' | 'run';

/** How an event looks: what happened was good, bad, unclear, or just happened. */
export type Tone = 'good' | 'bad' | 'doubt' | 'plain';

export interface Description {
  lane: LaneKind;
  /** Who did it, short enough for a column: `player-3`, `stripe`, `service`. */
  who: string;
  text: string;
  tone: Tone;
}

type Value = Readonly<Record<string, unknown>>;

/** Describes any event; one of an unknown kind is described by its envelope. */
export function describeEvent(event: HistoryEvent): Description {
  const value = (typeof event.value === 'object' && event.value !== null ? event.value : {}) as Value;
  const [kind, name] = splitProc(event.proc);
  if (event.type === 'fault') return describeFault(event, value);
  const settlement = describeSettlement(event, value);
  if (settlement !== undefined) return settlement;
  if (kind === 'player' || (event.proc === 'platform' && event.f !== 'told'))
    return describeOperation(event, value, name);
  if (kind === 'psp')
    return event.f === 'books' ? describeBooks(event, value, name) : describeExchange(event, value, name);
  if (kind === 'courier') return describeDelivery(event, value, name);
  if (event.proc === 'probe') return describeProbe(event, value);
  return describeNote(event, value);
}

function describeOperation(event: HistoryEvent, value: Value, player: string): Description {
  const base = { lane: 'player' as const, who: player };
  const op = text(value, 'op') || (event.key ?? '');
  if (event.type === 'invoke') {
    const again = Number(value['try'] ?? 1) > 1 ? ` again (try ${String(value['try'])})` : '';
    const other = Number(value['body_variant'] ?? 0) > 0 ? ' with another body under the same key' : '';
    const what: Record<string, string> = {
      deposit: `asks for a deposit of ${amount(value)}`,
      payout: `asks for a payout of ${amount(value)}`,
      capture: `captures ${amount(value)} of ${text(value, 'payment_id')}`,
      void: `voids ${text(value, 'payment_id')}`,
      refund: `refunds ${amount(value)} of ${text(value, 'payment_id')}`,
      bet: `takes a bet of ${amount(value)} from ${text(value, 'player_id')}`,
      win: `gives a win of ${amount(value)} to ${text(value, 'player_id')}`,
      rollback: `takes round ${text(value, 'round_id')} back`,
      limit: 'limits the deposits to come',
      exclusion: text(value, 'kind') === 'cool-off' ? 'asks for a cool-off' : 'excludes himself',
      removal: `removes the kept method ${text(value, 'stored_method_id')}`,
      fund: `is funded by the platform with ${amount(value)}`,
      challenge: `chooses ${text(value, 'action')} at the 3DS page`,
      return: 'comes back from 3DS',
    };
    return { ...base, text: `${what[event.f] ?? event.f}${again}${other} (${op})`, tone: 'plain' };
  }
  const http = value['http_status'] === undefined ? '' : `HTTP ${String(value['http_status'])}`;
  if (event.type === 'ok') {
    const id = text(value, 'refund_id') || text(value, 'payment_id') || text(value, 'payout_id');
    const replayed = value['replayed'] === true ? ', a stored answer' : '';
    const status = text(value, 'status') || 'done';
    const answered: Record<string, string> = {
      challenge: `has answered the 3DS page (${op})`,
      return: `is sent on to the merchant (${op})`,
    };
    return {
      ...base,
      text: answered[event.f] ?? `gets ${[id, status].filter(Boolean).join(' ')}${replayed} (${op})`,
      tone: 'good',
    };
  }
  if (event.type === 'fail')
    return { ...base, text: `is refused: ${text(value, 'error') || http} (${op})`, tone: 'bad' };
  return { ...base, text: `gets no answer: ${text(value, 'reason') || http || 'unknown'} (${op})`, tone: 'doubt' };
}

function describeExchange(event: HistoryEvent, value: Value, psp: string): Description {
  const base = { lane: 'psp' as const, who: psp };
  const about = event.key === undefined ? '' : ` ${event.key}`;
  if (event.f === 'cardholder')
    return { ...base, text: `its 3DS page gets: ${text(value, 'action')}${about}`, tone: 'plain' };
  if (event.type === 'recv') {
    const replayed = value['replayed'] === true ? ' (known key)' : '';
    return { ...base, text: `receives ${text(value, 'operation')}${about}${replayed}`, tone: 'plain' };
  }
  if (event.type === 'send') {
    const status = Number(value['status'] ?? 0);
    const tone: Tone = status >= 500 ? 'bad' : status >= 400 ? 'doubt' : 'good';
    return { ...base, text: `answers HTTP ${status}${about}`, tone };
  }
  const why: Record<string, string> = {
    lost: 'its answer is lost',
    hung: 'never answers',
    reset: 'resets the connection',
    truncated: 'cuts its answer short',
    refused: 'refuses the connection',
  };
  const outcome = text(value, 'outcome');
  return { ...base, text: `${why[outcome] ?? `does not answer (${outcome})`}${about}`, tone: 'bad' };
}

function describeBooks(event: HistoryEvent, value: Value, psp: string): Description {
  const state = text(value, 'state');
  const kind = text(value, 'kind');
  const what = kind === 'payment' ? '' : ` ${kind}`;
  const refunded = Number(value['refunded_minor'] ?? 0);
  const back = refunded > 0 ? `, ${money(refunded, text(value, 'currency'))} given back` : '';
  const tone: Tone = ['captured', 'paid'].includes(state)
    ? 'good'
    : ['declined', 'failed', 'canceled', 'expired'].includes(state)
      ? 'bad'
      : 'plain';
  return {
    lane: 'psp',
    who: psp,
    text: `books${what}: ${state.replaceAll('_', ' ')} ${amount(value)}${back} (${event.key ?? text(value, 'psp_reference')})`,
    tone,
  };
}

function describeDelivery(event: HistoryEvent, value: Value, psp: string): Description {
  const base = { lane: 'deliveries' as const, who: `${psp} webhook` };
  if (event.type === 'send') {
    const signature = text(value, 'signature');
    const bad = signature === 'valid' || signature === '' ? '' : `, signature ${signature}`;
    const tampered = text(value, 'tampered');
    const changed = tampered === '' ? '' : `, ${tampered} changed`;
    const attempt = Number(value['attempt'] ?? 1) > 1 ? `, attempt ${String(value['attempt'])}` : '';
    return {
      ...base,
      text: `${text(value, 'state')} ${amount(value)} sent${attempt}${bad}${changed}`,
      tone: bad || changed ? 'doubt' : 'plain',
    };
  }
  if (event.f === 'dead-letter') return { ...base, text: 'given up: dead letter', tone: 'bad' };
  if (event.type === 'recv') {
    const status = Number(value['status'] ?? 0);
    // A refused signature is what a sound target does with a forged event, so it is not shown as a defect.
    const tone: Tone = status < 300 ? 'good' : status === 401 || status === 403 ? 'plain' : 'bad';
    return { ...base, text: tone === 'plain' ? `refused with HTTP ${status}` : `answered HTTP ${status}`, tone };
  }
  return {
    ...base,
    text: DROPS[text(value, 'reason')] ?? `is not delivered: ${text(value, 'reason') || 'no answer'}`,
    tone: 'bad',
  };
}

const DROPS: Readonly<Record<string, string>> = {
  lost: 'is lost on the way',
  'ack-lost': 'arrives, but the acknowledgement is lost',
  timeout: 'gets no answer in time',
  refused: 'finds nobody listening',
  reset: 'is cut off',
  'no-webhook-url': 'has nowhere to go',
};

function describeProbe(event: HistoryEvent, value: Value): Description {
  const who = 'service';
  const count = (name: string): number => (Array.isArray(value[name]) ? value[name].length : 0);
  if (event.f === 'payment' || event.f === 'payout' || event.f === 'refund') {
    const status = text(value, 'status');
    const tone: Tone =
      status === 'succeeded'
        ? 'good'
        : ['declined', 'failed', 'canceled'].includes(status)
          ? 'bad'
          : status === 'pending'
            ? 'doubt'
            : 'plain';
    return { lane: 'service', who, text: `says ${event.f} ${event.key ?? ''} is ${status}`, tone };
  }
  if (event.f === 'cases') return { lane: 'service', who, text: `lists ${count('cases')} cases`, tone: 'plain' };
  if (event.f === 'entries')
    return {
      lane: 'ledger',
      who: 'ledger',
      text: `${count('entries')} entries of ${event.key ?? ''}${credits(value)}`,
      tone: 'plain',
    };
  if (event.f === 'wallets')
    return { lane: 'ledger', who: 'ledger', text: `wallets of ${event.key ?? ''}: ${balances(value)}`, tone: 'plain' };
  if (event.f === 'ledger')
    return { lane: 'ledger', who: 'ledger', text: `trial balance: ${clearing(value)}`, tone: 'plain' };
  if (event.f === 'probe-failed')
    return { lane: 'service', who, text: `cannot be asked: ${text(value, 'reason')}`, tone: 'bad' };
  return { lane: 'service', who, text: event.f, tone: 'plain' };
}

function describeFault(event: HistoryEvent, value: Value): Description {
  const where = [text(value, 'psp'), text(value, 'operation') || text(value, 'event_id')].filter(Boolean).join(' ');
  const name = event.f.replaceAll('-', ' ');
  const phase = text(value, 'phase');
  const words =
    phase === 'begin' ? `fault begins: ${name}` : phase === 'end' ? `fault ends: ${name}` : `fault: ${name}`;
  return {
    lane: value['psp'] === undefined ? 'run' : 'psp',
    who: text(value, 'psp') || 'fault',
    text: where === '' ? words : `${words} (${where})`,
    tone: 'bad',
  };
}

function describeNote(event: HistoryEvent, value: Value): Description {
  if (event.f === 'target')
    return {
      lane: 'service',
      who: 'service',
      text: `process ${text(value, 'event')}`,
      tone: value['event'] === 'killed' ? 'bad' : 'good',
    };
  if (event.f === 'phase') {
    const words: Record<string, string> = {
      traffic: 'traffic begins',
      heal: 'all faults end',
      settle: 'settling begins',
      end: 'the run ends',
    };
    return { lane: 'run', who: 'run', text: words[text(value, 'phase')] ?? text(value, 'phase'), tone: 'plain' };
  }
  if (event.f === 'dispute')
    return {
      lane: 'run',
      who: text(value, 'psp') || 'run',
      text: `dispute ${text(value, 'action')} ${text(value, 'reference')}`,
      tone: text(value, 'action') === 'lost' ? 'bad' : 'plain',
    };
  if (event.f === 'switch')
    return {
      lane: 'run',
      who: 'operator',
      text: `${value['in_service'] === true ? 'puts' : 'takes'} ${text(value, 'psp')} ${value['in_service'] === true ? 'back into' : 'out of'} service`,
      tone: 'plain',
    };
  if (event.f === 'run')
    return {
      lane: 'run',
      who: 'run',
      text: `${text(value, 'scenario')} begins with seed ${String(value['seed'] ?? '')}`,
      tone: 'plain',
    };
  return {
    lane: 'run',
    who: event.proc,
    text: `${event.type} ${event.f}${event.key === undefined ? '' : ` ${event.key}`}`,
    tone: 'plain',
  };
}

/** Deposit credits in an entries probe, summed per payment: the money that a double credit shows. */
function credits(value: Value): string {
  const entries = Array.isArray(value['entries']) ? (value['entries'] as Value[]) : [];
  const total = entries.filter((entry) => entry['kind'] === 'deposit_credit').length;
  return total === 0 ? '' : `, ${total} deposit credits`;
}

/** What the ledger says the PSPs hold; the clearing accounts mirror the players' money. */
function clearing(value: Value): string {
  const accounts = Array.isArray(value['accounts']) ? (value['accounts'] as Value[]) : [];
  const psps = accounts.filter((line) => text(line, 'account').startsWith('psp:'));
  const said = psps.map((line) => `${text(line, 'account')} ${text(line, 'balance')} ${text(line, 'currency')}`);
  return said.join(', ') || `${accounts.length} accounts`;
}

function balances(value: Value): string {
  const wallets = Array.isArray(value['wallets']) ? (value['wallets'] as Value[]) : [];
  return wallets.map((wallet) => `${text(wallet, 'available')} ${text(wallet, 'currency')}`).join(', ') || 'none';
}

function splitProc(proc: string): [kind: string, name: string] {
  const at = proc.indexOf(':');
  if (at >= 0) return [proc.slice(0, at), proc.slice(at + 1)];
  return proc.startsWith('player-') ? ['player', proc] : [proc, proc];
}

function text(value: Value, name: string): string {
  const found = value[name];
  return typeof found === 'string' ? found : '';
}

function amount(value: Value): string {
  const currency = text(value, 'currency');
  const minor = value['amount_minor'] ?? minorUnits(text(value, 'amount'), currency);
  return typeof minor === 'number' ? money(minor, currency) : '';
}
