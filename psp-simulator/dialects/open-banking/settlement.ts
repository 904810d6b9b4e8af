/**
 * Settlement as a bank shows it: a statement in camt.053 (ISO 20022) of the merchant account per
 * batch. Every line is an entry; what the PSP charges for it is an entry of its own, and the
 * transfer to the merchant's own bank is the last one. Always true:
 * opening balance + credits − debits = closing balance.
 */
import { XMLBuilder } from 'fast-xml-parser';
import { isoTime } from '../../../kernel/index.ts';
import { majorText } from '../../core/currency.ts';
import { NO_FEES } from '../../settlement/settlement.ts';
import type {
  SettlementBatch,
  SettlementFile,
  SettlementLine,
  SettlementLineType,
  SettlementTerms,
} from '../../settlement/settlement.ts';
import type { DialectSettlement, PspContext } from '../dialect.ts';
import { accountIban } from './account-ids.ts';

export const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';

/** A transfer costs a fixed price; there is no card scheme to pay. Money of one currency stays in it. */
const TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: 0,
  payment: { ...NO_FEES, fixedMinor: 20 },
  refund: { ...NO_FEES, fixedMinor: 15 },
  payout: { ...NO_FEES, fixedMinor: 30 },
  disputeFeeMinor: 0,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

/** Family and sub-family of the bank transaction code (external code set of ISO 20022), and whether the entry reverses another. */
const CODES: Readonly<Record<SettlementLineType, readonly [family: string, subFamily: string, reversal?: true]>> = {
  payment: ['RRCT', 'ESCT'],
  refund: ['IRCT', 'ESCT'],
  'refund-failed': ['IRCT', 'RRTN', true],
  chargeback: ['RRCT', 'RRTN', true],
  'chargeback-reversed': ['RRCT', 'ESCT'],
  payout: ['IRCT', 'ESCT'],
  'payout-returned': ['IRCT', 'RRTN', true],
  fee: ['MDOP', 'CHRG'],
  'reserve-held': ['MDOP', 'OTHR'],
  'reserve-released': ['MCOP', 'OTHR'],
};

/** End-to-end ids are that long at most; longer references stand in the remittance text only. */
const MOST_END_TO_END = 35;

const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true });

export const openBankingSettlement: DialectSettlement = {
  terms: TERMS,
  files: (batch, psp) => [statementFile(batch, psp)],
};

type Node = Record<string, unknown>;

interface Entry {
  readonly amountMinor: number;
  readonly node: Node;
}

export function statementFile(batch: SettlementBatch, psp: Pick<PspContext, 'name'>): SettlementFile {
  const entries = entriesOf(batch);
  const sum = (wanted: (minor: number) => boolean): number =>
    entries.reduce((total, { amountMinor }) => total + (wanted(amountMinor) ? Math.abs(amountMinor) : 0), 0);
  const credits = sum((minor) => minor > 0);
  const debits = sum((minor) => minor < 0);
  const { currency } = batch;
  const createdAt = isoTime(batch.toMs);
  const statement = {
    Id: batch.id,
    ElctrncSeqNb: batch.number,
    CreDtTm: createdAt,
    FrToDt: { FrDtTm: isoTime(batch.fromMs), ToDtTm: createdAt },
    Acct: { Id: { IBAN: accountIban(psp, currency) }, Ccy: currency, Ownr: { Nm: 'ASSAY MERCHANT' } },
    Bal: [
      balance('OPBD', batch.carriedMinor, { currency, atMs: batch.fromMs }),
      balance('CLBD', batch.carriedMinor + credits - debits, { currency, atMs: batch.toMs }),
    ],
    TxsSummry: {
      TtlNtries: { NbOfNtries: entries.length, Sum: majorText(credits + debits, currency) },
      TtlCdtNtries: {
        NbOfNtries: entries.filter((entry) => entry.amountMinor > 0).length,
        Sum: majorText(credits, currency),
      },
      TtlDbtNtries: {
        NbOfNtries: entries.filter((entry) => entry.amountMinor < 0).length,
        Sum: majorText(debits, currency),
      },
    },
    ...(entries.length === 0 ? {} : { Ntry: entries.map(({ node }) => node) }),
  };
  const document = {
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    Document: {
      '@_xmlns': NAMESPACE,
      BkToCstmrStmt: { GrpHdr: { MsgId: batch.id, CreDtTm: createdAt }, Stmt: statement },
    },
  };
  return { name: `camt053-${batch.id}.xml`, contentType: 'application/xml', body: builder.build(document) };
}

/** In the order of the batch; a movement of nothing (a line whose fee is all there is) has no entry. */
function entriesOf(batch: SettlementBatch): Entry[] {
  const lines = batch.lines.flatMap((line) => [lineEntry(line), feeEntry(line)]);
  return [...lines, transferEntry(batch)].filter((entry) => entry.amountMinor !== 0);
}

function lineEntry(line: SettlementLine): Entry {
  const { id, type, settlementCurrency, convertedMinor } = line;
  const foreign = line.currency === settlementCurrency ? {} : { AmtDtls: exchange(line) };
  return entry(convertedMinor, settlementCurrency, {
    reference: id,
    atMs: line.atMs,
    codes: CODES[type],
    details: {
      Refs: {
        AcctSvcrRef: (line.modificationReference ?? line.pspReference ?? id).replaceAll('-', ''),
        EndToEndId: endToEndId(line.reference),
      },
      ...foreign,
      RmtInf: { Ustrd: line.reference ?? 'NOTPROVIDED' },
      AddtlTxInf: `${type} ${line.pspReference ?? ''}`.trim(),
    },
  });
}

function feeEntry(line: SettlementLine): Entry {
  const { commission, interchange, scheme, markup } = line.fees;
  return entry(-(commission + interchange + scheme + markup), line.settlementCurrency, {
    reference: `${line.id}-fee`,
    atMs: line.atMs,
    codes: CODES.fee,
    details: {
      Refs: { EndToEndId: endToEndId(line.reference) },
      RmtInf: { Ustrd: line.reference ?? 'NOTPROVIDED' },
      AddtlTxInf: `fee ${line.pspReference ?? ''}`.trim(),
    },
  });
}

function transferEntry(batch: SettlementBatch): Entry {
  return entry(-batch.transferMinor, batch.currency, {
    reference: `${batch.id}-transfer`,
    atMs: batch.toMs,
    codes: ['ICDT', 'BOOK'],
    details: { Refs: { EndToEndId: endToEndId(batch.id) }, RmtInf: { Ustrd: batch.id }, AddtlTxInf: 'transfer' },
  });
}

interface EntryParts {
  readonly reference: string;
  readonly atMs: number;
  readonly codes: readonly [string, string, true?];
  readonly details: Node;
}

/** The order of the elements is the schema's. */
function entry(amountMinor: number, currency: string, { reference, atMs, codes, details }: EntryParts): Entry {
  const [family, subFamily, reversal] = codes;
  const at = isoTime(atMs);
  const node = {
    NtryRef: reference,
    Amt: amount(amountMinor, currency),
    CdtDbtInd: direction(amountMinor),
    ...(reversal === true ? { RvslInd: true } : {}),
    Sts: { Cd: 'BOOK' },
    BookgDt: { DtTm: at },
    ValDt: { DtTm: at },
    BkTxCd: {
      Domn: {
        Cd: 'PMNT',
        Fmly: { Cd: family, SubFmlyCd: subFamily },
      },
    },
    NtryDtls: { TxDtls: details },
  };
  return { amountMinor, node };
}

function exchange(line: SettlementLine): Node {
  return {
    InstdAmt: { Amt: amount(line.grossMinor, line.currency) },
    TxAmt: {
      Amt: amount(line.convertedMinor, line.settlementCurrency),
      CcyXchg: { SrcCcy: line.currency, TrgtCcy: line.settlementCurrency, XchgRate: line.exchangeRate },
    },
  };
}

function balance(code: 'OPBD' | 'CLBD', minor: number, { currency, atMs }: { currency: string; atMs: number }): Node {
  return {
    Tp: { CdOrPrtry: { Cd: code } },
    Amt: amount(minor, currency),
    CdtDbtInd: direction(minor),
    Dt: { Dt: isoTime(atMs).slice(0, 10) },
  };
}

function amount(minor: number, currency: string): Node {
  return { '#text': majorText(Math.abs(minor), currency), '@_Ccy': currency };
}

function direction(minor: number): 'CRDT' | 'DBIT' {
  return minor < 0 ? 'DBIT' : 'CRDT';
}

function endToEndId(reference: string | null): string {
  return reference === null || reference.length > MOST_END_TO_END ? 'NOTPROVIDED' : reference;
}
