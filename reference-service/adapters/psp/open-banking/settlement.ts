/**
 * The statement of the merchant account in camt.053 (ISO 20022), as banks give it. Every movement
 * is an entry. What it is, is said by its bank transaction code, and more exactly by the
 * provider's own word and id in `AddtlTxInf` (`refund <payment id>`): a bank alone could not tell
 * a refund from a payout. A fee is an entry of its own behind what it is charged for, and joins it
 * here. The opening balance is what was carried over, the closing one what is carried on.
 */
import type { SettlementFile, SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';
import { readEntries } from './xml-entries.ts';
import type { XmlPiece } from './xml-entries.ts';

const KINDS_BY_WORD: Readonly<Record<string, SettlementKind>> = {
  payment: 'payment',
  refund: 'refund',
  'refund-failed': 'refund_failed',
  chargeback: 'chargeback',
  'chargeback-reversed': 'chargeback_reversed',
  payout: 'payout',
  'payout-returned': 'payout_returned',
  fee: 'fee',
  'reserve-held': 'reserve_held',
  'reserve-released': 'reserve_released',
  transfer: 'transfer',
};

/** Family and sub-family of the codes that can mean one thing only on a merchant account. */
const KINDS_BY_CODE: Readonly<Record<string, SettlementKind>> = {
  'RRCT ESCT': 'payment',
  'MDOP CHRG': 'fee',
  'ICDT BOOK': 'transfer',
};

interface Statement {
  batch: string;
  balances: SettlementRecord[];
}

export const parseBankStatement: SettlementParser = async function* (input, about) {
  let statement: Statement | null = null;
  let waiting: SettlementRecord | null = null;
  for await (const parts of readEntries(input, about)) {
    for (const part of parts) {
      if (part.kind === 'head') {
        statement = readHead(part.piece, about);
        continue;
      }
      const place = { file: about, line: part.number };
      if (statement === null) throw malformed(place, 'an entry stands before the statement');
      const record = entryRecord(part.number, part.piece, statement.batch, place);
      const joined: SettlementRecord | null = waiting === null ? null : withFee(waiting, record);
      if (joined === null && waiting !== null) yield waiting;
      waiting = joined ?? record;
    }
  }
  if (waiting !== null) yield waiting;
  yield* statement?.balances ?? [];
};

/** The record with the fee that is charged for it; null when `fee` is something else. */
function withFee(record: SettlementRecord, fee: SettlementRecord): SettlementRecord | null {
  const isItsFee =
    fee.kind === 'fee' &&
    record.kind !== 'fee' &&
    fee.pspReference !== null &&
    fee.pspReference === record.pspReference;
  if (!isItsFee || record.feeMinor !== 0 || fee.settlementCurrency !== record.settlementCurrency) return null;
  return { ...record, netMinor: record.netMinor + fee.netMinor, feeMinor: -fee.netMinor };
}

function entryRecord(number: number, piece: XmlPiece, batch: string, place: Place): SettlementRecord {
  const net = minorAmount(piece, place);
  const instructed = piece.has('InstdAmt') ? minorAmount(piece, place, 'InstdAmt') : net;
  const sign = signOf(piece, place);
  const info = piece.text('AddtlTxInf') ?? '';
  const space = info.indexOf(' ');
  const word = space < 0 ? info : info.slice(0, space);
  const named = space < 0 ? null : info.slice(space + 1);
  const code = `${piece.text('Cd', 'Fmly') ?? ''} ${piece.text('SubFmlyCd') ?? ''}`;
  // Several transactions booked as one entry would have to be taken apart by a person.
  const isCollective = piece.count('TxDtls') > 1;
  const kind = isCollective ? 'unknown' : (KINDS_BY_WORD[word] ?? KINDS_BY_CODE[code] ?? 'unknown');
  const part = withHyphens(piece.text('AcctSvcrRef'));
  return {
    kind,
    batch,
    pspReference: named ?? (kind === 'payment' ? part : null),
    partReference: part === named || kind === 'payment' ? null : part,
    reference: provided(piece.text('Ustrd')) ?? provided(piece.text('EndToEndId')),
    grossMinor: sign * instructed.minor,
    currency: instructed.currency,
    netMinor: sign * net.minor,
    feeMinor: 0,
    settlementCurrency: net.currency,
    occurredAt: timeOf(piece.text('DtTm', 'BookgDt') ?? piece.text('Dt', 'BookgDt') ?? '', place),
    line: number,
    ...(kind === 'unknown' ? { raw: piece.xml } : {}),
  };
}

/** The amount of the entry, which is its first, or the first behind `after`. */
function minorAmount(piece: XmlPiece, place: Place, after?: string): { minor: number; currency: string } {
  const amount = piece.amount(after);
  if (amount === null) throw malformed(place, 'there is no Amt with its currency');
  return { minor: minorOf(amount.value, amount.currency, place), currency: amount.currency };
}

/** Money to us is positive. */
function signOf(piece: XmlPiece, place: Place): 1 | -1 {
  const indicator = piece.text('CdtDbtInd');
  if (indicator !== 'CRDT' && indicator !== 'DBIT') throw malformed(place, 'there is no CdtDbtInd');
  return indicator === 'CRDT' ? 1 : -1;
}

/** ISO 20022 writes NOTPROVIDED where there is nothing to say. */
function provided(text: string | null): string | null {
  return text === 'NOTPROVIDED' ? null : text;
}

/** The provider's ids are UUIDs; a reference of a bank has 35 characters at most, so it carries them without hyphens. */
function withHyphens(text: string | null): string | null {
  if (text === null || !/^[0-9a-f]{32}$/.test(text)) return text;
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** The statement's own number, and its opening and closing balance where they are not nothing. */
function readHead(piece: XmlPiece, file: SettlementFile): Statement {
  const place = { file, line: 0 };
  const batch = piece.text('Id', 'Stmt');
  if (batch === null) throw malformed(place, 'there is no statement with an Id');
  const balances = piece.pieces('Bal').flatMap((balance, index): SettlementRecord[] => {
    const code = balance.text('Cd');
    if (code !== 'OPBD' && code !== 'CLBD') return [];
    const { minor, currency } = minorAmount(balance, place);
    if (minor === 0) return [];
    // What is left at the end goes away from this statement, to the next one.
    const signed = signOf(balance, place) * minor * (code === 'OPBD' ? 1 : -1);
    const amounts = { grossMinor: signed, currency, netMinor: signed, feeMinor: 0, settlementCurrency: currency };
    const ids = { batch, pspReference: null, partReference: null, reference: null };
    const occurredAt = timeOf(balance.text('DtTm') ?? balance.pieces('Dt').at(-1)?.xml.trim() ?? '', place);
    const kind = code === 'OPBD' ? 'carried_over' : 'carried_on';
    return [{ kind, ...ids, ...amounts, occurredAt, line: index + 1 }];
  });
  return { batch, balances };
}
