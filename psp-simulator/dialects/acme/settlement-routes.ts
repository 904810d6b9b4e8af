/** acme's settlements over its API: the closed ones, their files, and what the next will hold. */
import { isoTime } from '../../../kernel/index.ts';
import type { Settlement } from '../../../openapi/generated/psp-acme.ts';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { toMajor } from './money.ts';
import { pageOf } from './paging.ts';
import { notFound } from './payments.ts';
import { settlementFile } from './settlement.ts';
import { json } from './wire.ts';

export function listSettlements(call: Call): PspAnswer {
  const page = pageOf(call, call.psp.settlementBatches(), (batch) => batch.id);
  return json(200, { ...page, data: page.data.map(settlementJson) });
}

export function openSettlement(call: Call): PspAnswer {
  const sums = new Map<string, { netMinor: number; lines: number }>();
  for (const { settlementCurrency, netMinor } of call.psp.unsettledLines()) {
    const sum = sums.get(settlementCurrency) ?? { netMinor: 0, lines: 0 };
    sums.set(settlementCurrency, { netMinor: sum.netMinor + netMinor, lines: sum.lines + 1 });
  }
  const data = [...sums].map(([currency, { netMinor, lines }]) => ({
    currency,
    net_amount: toMajor(netMinor, currency),
    line_count: lines,
  }));
  return json(200, { data });
}

export function getSettlement(call: Call): PspAnswer {
  return json(200, settlementJson(found(call)));
}

export function downloadSettlement(call: Call): PspAnswer {
  const { name, contentType, body } = settlementFile(found(call));
  return {
    status: 200,
    headers: { 'content-type': contentType, 'content-disposition': `attachment; filename="${name}"` },
    body,
  };
}

function settlementJson(batch: SettlementBatch): Settlement {
  const { currency } = batch;
  return {
    settlement_id: batch.id,
    number: batch.number,
    currency,
    from: isoTime(batch.fromMs),
    to: isoTime(batch.toMs),
    net_amount: toMajor(batch.netMinor, currency),
    carried_amount: toMajor(batch.carriedMinor, currency),
    transfer_amount: toMajor(batch.transferMinor, currency),
    line_count: batch.lines.length,
  };
}

function found(call: Call): SettlementBatch {
  const id = call.params['id'] ?? '';
  const batch = call.psp.settlementBatches().find((candidate) => candidate.id === id);
  if (batch === undefined) throw notFound('settlement', id);
  return batch;
}
