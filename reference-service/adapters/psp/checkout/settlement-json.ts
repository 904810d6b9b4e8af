/**
 * Financial actions as the API gives them, the pages of one payout in one document. Read whole,
 * so it has a limit; who has more takes the CSV. The API writes amounts as decimal numbers of
 * major units, and does not name the payout: it is part of the file's name.
 */
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementFile, SettlementRecord } from '../../../ports/settlement.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { objectsOf, textOf } from '../fields.ts';
import { addFee, openAction, type ActionPart } from './financial-action.ts';

const LARGEST_BYTES = 64 * 1024 * 1024;

export async function* readActionsJson(
  input: AsyncIterable<Uint8Array>,
  about: SettlementFile,
): AsyncGenerator<SettlementRecord> {
  const fail = (message: string, line: number | null = null): MalformedSettlementError =>
    new MalformedSettlementError({ fileName: about.fileName, line, message });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw fail(`more than ${LARGEST_BYTES} bytes; take the CSV`);
    chunks.push(chunk);
  }
  const actions = objectsOf(parseObject(Buffer.concat(chunks).toString('utf8')), 'data');
  if (actions === null) throw fail('no JSON object with a list of financial actions in `data`');
  const batch = /_([^_]+)_\d+\.json$/.exec(about.fileName)?.[1] ?? about.fileName;
  for (const [index, action] of actions.entries()) {
    const line = index + 1;
    const parts = objectsOf(action, 'breakdown');
    const [first, ...fees] = parts ?? [];
    if (first === undefined) throw fail('a financial action without a breakdown', line);
    const place = { file: about, line };
    const record = openAction(partOf(action, first, { batch, line }), place);
    for (const fee of fees) addFee(record, partOf(action, fee, { batch, line }), place);
    yield record;
  }
}

function partOf(action: JsonObject, part: JsonObject, { batch, line }: { batch: string; line: number }): ActionPart {
  return {
    // The API numbers no actions: they are told apart by their places.
    actionId: String(line),
    batch,
    paymentId: textOf(action, 'payment_id'),
    partId: textOf(action, 'action_id'),
    reference: textOf(action, 'reference'),
    actionType: textOf(action, 'action_type') ?? '',
    breakdownType: textOf(part, 'breakdown_type') ?? '',
    processedOn: textOf(action, 'processed_on') ?? '',
    processing: moneyOf(part, 'processing'),
    holding: moneyOf(part, 'holding'),
    line,
    raw: JSON.stringify(action),
  };
}

function moneyOf(part: JsonObject, side: 'processing' | 'holding'): { currency: string; amount: string } {
  const amount = part[`${side}_currency_amount`];
  return {
    currency: textOf(part, `${side}_currency`) ?? '',
    // A number's shortest text is the decimal that was written: 15 digits survive a double.
    amount: typeof amount === 'number' ? String(amount) : '',
  };
}
