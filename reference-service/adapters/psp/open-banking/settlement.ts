/**
 * The statement of the merchant account in camt.053 (ISO 20022), as banks give it. Every movement
 * is an entry. What it is, is said by its bank transaction code, and more exactly by the
 * provider's own word and id in `AddtlTxInf` (`refund <payment id>`): a bank alone could not tell
 * a refund from a payout. A fee is an entry of its own behind what it is charged for, and joins it
 * here. The opening balance is what was carried over, and so is the closing one.
 */
import type { SettlementFile, SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';
import { readEntries, textsOf } from './xml-entries.ts';
import type { Texts } from './xml-entries.ts';

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
        statement = readHead(part.xml, about);
        continue;
      }
      const place = { file: about, line: part.number };
      if (statement === null) throw malformed(place, 'an entry stands before the statement');
      const record = entryRecord(part, statement.batch, place);
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

function entryRecord(
  { number, xml, texts }: { number: number; xml: string; texts: Texts },
  batch: string,
  place: Place,
): SettlementRecord {
  const net = amountAt(texts, 'Amt', place);
  const sign = signAt(texts, place);
  const details = 'NtryDtls/TxDtls';
  const instructed = texts.has(`${details}/AmtDtls/InstdAmt/Amt`)
    ? amountAt(texts, `${details}/AmtDtls/InstdAmt/Amt`, place)
    : net;
  const [word = '', pspReference = ''] = (texts.get(`${details}/AddtlTxInf`) ?? '').split(' ');
  const family = 'BkTxCd/Domn/Fmly';
  const code = `${texts.get(`${family}/Cd`) ?? ''} ${texts.get(`${family}/SubFmlyCd`) ?? ''}`;
  // Several transactions booked as one entry would have to be taken apart by a person.
  const isCollective = xml.split(/<(?:[\w.-]+:)?TxDtls[\s>]/).length > 2;
  const kind = isCollective ? 'unknown' : (KINDS_BY_WORD[word] ?? KINDS_BY_CODE[code] ?? 'unknown');
  const part = withHyphens(texts.get(`${details}/Refs/AcctSvcrRef`) ?? '');
  return {
    kind,
    batch,
    pspReference: pspReference === '' ? (kind === 'payment' ? part : null) : pspReference,
    partReference: part === pspReference || kind === 'payment' ? null : part,
    reference: provided(texts.get(`${details}/RmtInf/Ustrd`)) ?? provided(texts.get(`${details}/Refs/EndToEndId`)),
    grossMinor: sign * instructed.minor,
    currency: instructed.currency,
    netMinor: sign * net.minor,
    feeMinor: 0,
    settlementCurrency: net.currency,
    occurredAt: timeAt(texts, place),
    line: number,
    ...(kind === 'unknown' ? { raw: xml } : {}),
  };
}

function amountAt(texts: Texts, path: string, place: Place): { minor: number; currency: string } {
  const currency = texts.get(`${path}@Ccy`);
  const value = texts.get(path);
  if (currency === undefined || value === undefined) throw malformed(place, `there is no ${path} with its currency`);
  return { minor: minorOf(value, currency, place), currency };
}

/** Money to us is positive. */
function signAt(texts: Texts, place: Place): 1 | -1 {
  const indicator = texts.get('CdtDbtInd');
  if (indicator !== 'CRDT' && indicator !== 'DBIT') throw malformed(place, 'there is no CdtDbtInd');
  return indicator === 'CRDT' ? 1 : -1;
}

function timeAt(texts: Texts, place: Place): number | null {
  return timeOf(texts.get('BookgDt/DtTm') ?? texts.get('BookgDt/Dt') ?? '', place);
}

/** ISO 20022 writes NOTPROVIDED where there is nothing to say. */
function provided(text: string | undefined): string | null {
  return text === undefined || text === 'NOTPROVIDED' ? null : text;
}

/** The provider's ids are UUIDs; a reference of a bank has 35 characters at most, so it carries them without hyphens. */
function withHyphens(text: string): string | null {
  const hex = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(text);
  if (hex !== null) return hex.slice(1).join('-');
  return text === '' ? null : text;
}

const BALANCE = /<((?:[\w.-]+:)?)Bal>[^]*?<\/\1Bal>/g;

/** The statement's own number, and its opening and closing balance where they are not nothing. */
function readHead(xml: string, file: SettlementFile): Statement {
  const place = { file, line: 0 };
  const batch = /<(?:[\w.-]+:)?Stmt>\s*<(?:[\w.-]+:)?Id>([^<]+)</.exec(xml)?.[1];
  if (batch === undefined) throw malformed(place, 'there is no statement with an Id');
  const fail = (message: string): never => {
    throw malformed(place, message);
  };
  const balances = [...xml.matchAll(BALANCE)].flatMap(([balance], index): SettlementRecord[] => {
    const texts = textsOf(balance, fail);
    const code = texts.get('Tp/CdOrPrtry/Cd');
    if (code !== 'OPBD' && code !== 'CLBD') return [];
    const { minor, currency } = amountAt(texts, 'Amt', place);
    if (minor === 0) return [];
    // What is left at the end goes away from this statement, to the next one.
    const signed = signAt(texts, place) * minor * (code === 'OPBD' ? 1 : -1);
    const amounts = { grossMinor: signed, currency, netMinor: signed, feeMinor: 0, settlementCurrency: currency };
    const ids = { batch, pspReference: null, partReference: null, reference: null };
    const occurredAt = timeOf(texts.get('Dt/DtTm') ?? texts.get('Dt/Dt') ?? '', place);
    return [{ kind: 'carried_over', ...ids, ...amounts, occurredAt, line: index + 1 }];
  });
  return { batch, balances };
}
