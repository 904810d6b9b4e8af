/**
 * What stories about settlement are made of: a PSP closes a batch over one deposit, an operator
 * brings its file to the target, and the target books it. Stories change one of these.
 */
import { OPERATOR } from '../settlement-vocabulary.ts';
import type { SettlementLineValue } from '../settlement-vocabulary.ts';
import type { StoryInput } from './benign-parts.ts';
import type { SoundWorld } from './sound-world.ts';
import { iso } from './texts.ts';
import type { Told } from './story.ts';

const HOUR_MS = 3_600_000;

/** Every line costs this much. */
const FEE_MINOR = 1;

/** From the deposit to its settlement. */
export const SETTLED_AFTER_MS = 12 * HOUR_MS;

export interface Closed {
  psp: string;
  batch: string;
  currency: string;
  t: number;
  lines: SettlementLineValue[];
  transferMinor: number;
  file: string;
}

export function lineOf({ n, psp, amountMinor, currency }: StoryInput, more: object = {}): SettlementLineValue {
  const reference = `att_${n}`;
  return {
    id: `${psp}-line-${n}`,
    type: 'payment',
    psp_reference: `${psp}_${reference}`,
    reference,
    gross_minor: amountMinor,
    currency,
    converted_minor: amountMinor,
    fee_minor: FEE_MINOR,
    net_minor: amountMinor - FEE_MINOR,
    ...more,
  };
}

/** The PSP tells of a closed settlement; `part` tells several of one story apart. */
export function closes(
  world: SoundWorld,
  input: StoryInput,
  lines: SettlementLineValue[],
  { part = 'a', afterMs = SETTLED_AFTER_MS, files = 1 }: { part?: string; afterMs?: number; files?: number } = {},
): Closed {
  const { n, psp, currency } = input;
  const t = input.t + afterMs;
  const batch = `${psp}-${currency}-${n}${part}`;
  const transferMinor = lines.reduce((sum, { net_minor: net }) => sum + net, 0);
  const file = `${batch}.csv`;
  world.story.tell(0, {
    proc: OPERATOR,
    type: 'note',
    f: 'settlement-terms',
    value: { late_after_ms: HOUR_MS, missing_after_ms: HOUR_MS },
  });
  world.story.tell(t, {
    proc: OPERATOR,
    type: 'obs',
    f: 'settlement-batch',
    key: batch,
    value: {
      psp,
      batch,
      currency,
      closed_at: iso(t),
      files: files === 0 ? [] : [file],
      net_minor: transferMinor,
      carried_minor: 0,
      transfer_minor: transferMinor,
      lines,
    },
  });
  return { psp, batch, currency, t, lines, transferMinor, file };
}

/** One request of the operator; `answer` is what came back, null when nothing did. */
export function brings(
  world: SoundWorld,
  closed: Closed,
  answer: { id?: string; replayed?: boolean } | null = {},
  { afterMs = 1_000, kind = 'settlement' }: { afterMs?: number; kind?: 'settlement' | 'bank' } = {},
): Told {
  const { psp, batch, file, t } = closed;
  const op = `imp-${batch}-${kind}-${afterMs}`;
  const about = { proc: OPERATOR, f: 'import', key: op } as const;
  const value = { op, kind, psp, batch, file };
  const invoke = world.story.tell(t + afterMs, { ...about, type: 'invoke', value });
  if (answer === null)
    return world.story.tell(t + afterMs + 900, { ...about, type: 'info', value: { op, reason: 'timeout' } }, invoke);
  const { id = `rec_${batch}`, replayed = false } = answer;
  const ok = { op, http_status: replayed ? 200 : 201, import_id: id, replayed };
  return world.story.tell(t + afterMs + 500, { ...about, type: 'ok', value: ok }, invoke);
}

/** The target has read the file: it lists the settlement, and books its fees and its transfer. */
export function takesIn(world: SoundWorld, { psp, batch, currency, t, lines, transferMinor }: Closed): void {
  const clearing = `psp:${psp}`;
  const fees = lines.reduce((sum, { fee_minor: fee }) => sum + fee, 0);
  world.transfer(t + 1_200, 'psp_fee', `${psp}:${batch}`, currency, [
    [`fees:${psp}`, -fees],
    [clearing, fees],
  ]);
  books(world, { psp, batch, currency, t }, transferMinor);
  world.settlements.push({ psp, batch, currency, lines: lines.length, transfer: null, settled_at: iso(t) });
}

export function books(
  world: SoundWorld,
  { psp, batch, currency, t }: Pick<Closed, 'psp' | 'batch' | 'currency' | 't'>,
  transferMinor: number,
): void {
  world.transfer(t + 1_200, 'settlement', `${psp}:${batch}`, currency, [
    ['bank', -transferMinor],
    [`psp:${psp}`, transferMinor],
  ]);
}

/** Closed, brought twice at once, and taken in once. */
export function settles(
  world: SoundWorld,
  input: StoryInput,
  lines: SettlementLineValue[],
  options: Parameters<typeof closes>[3] = {},
): Closed {
  const closed = closes(world, input, lines, options);
  brings(world, closed);
  brings(world, closed, { replayed: true }, { afterMs: 1_001 });
  takesIn(world, closed);
  return closed;
}

/** The strike says what it did. */
export function plants(
  world: SoundWorld,
  closed: Closed,
  discrepancy: string,
  line: SettlementLineValue | null,
  more: object = {},
): void {
  const about =
    line === null
      ? {}
      : {
          line_id: line.id,
          line_type: line.type,
          psp_reference: line.psp_reference,
          reference: line.reference,
          gross_minor: line.gross_minor,
          currency: line.currency,
        };
  world.story.tell(closed.t, {
    proc: 'nemesis',
    type: 'fault',
    f: `settlement-${discrepancy}`,
    value: { fault_id: `f-${discrepancy}`, psp: closed.psp, batch_id: closed.batch, discrepancy, ...about, ...more },
  });
}
