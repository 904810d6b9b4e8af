/**
 * The bank statement against the batch: read back by an XML parser, it has the structure of
 * camt.053, its balances and sums fit its entries, and the entries fit the lines to the last
 * minor unit.
 */
import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { exponentOf } from '../../core/currency.ts';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run } from '../../test/random-books.ts';
import type { Command } from '../../test/random-books.ts';
import { openBanking } from './index.ts';
import { isIban } from './iban.ts';
import { NAMESPACE, statementFile } from './settlement.ts';

const CURRENCIES = ['EUR', 'GBP', 'JPY'] as const;
const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  isArray: (name) => name === 'Ntry' || name === 'Bal',
});

interface Amount {
  '#text': string;
  '@_Ccy': string;
}
interface Balance {
  Tp: { CdOrPrtry: { Cd: string } };
  Amt: Amount;
  CdtDbtInd: string;
}
interface Ntry {
  NtryRef: string;
  Amt: Amount;
  CdtDbtInd: string;
  NtryDtls: { TxDtls: { Refs: { EndToEndId: string }; RmtInf: { Ustrd: string } } };
}
interface Total {
  NbOfNtries: string;
  Sum: string;
}
interface Stmt {
  Id: string;
  Acct: { Id: { IBAN: string }; Ccy: string };
  Bal: Balance[];
  TxsSummry: { TtlNtries: Total; TtlCdtNtries: Total; TtlDbtNtries: Total };
  Ntry?: Ntry[];
}

/** The schema is a sequence: what is there must come in this order. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  Stmt: ['Id', 'ElctrncSeqNb', 'CreDtTm', 'FrToDt', 'Acct', 'Bal', 'TxsSummry', 'Ntry'],
  Ntry: ['NtryRef', 'Amt', 'CdtDbtInd', 'RvslInd', 'Sts', 'BookgDt', 'ValDt', 'BkTxCd', 'NtryDtls'],
  TxDtls: ['Refs', 'AmtDtls', 'RmtInf', 'AddtlTxInf'],
};

function inOrder(name: string, node: object): void {
  const order = ORDER[name] ?? [];
  const places = Object.keys(node).map((key) => order.indexOf(key));
  assert.ok(!places.includes(-1), `${name} has ${Object.keys(node).join(', ')}`);
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
}

function minor({ '#text': text, '@_Ccy': currency }: Amount, direction = 'CRDT'): number {
  const [whole = '', decimals = ''] = text.split('.');
  assert.match(text, /^\d+(\.\d+)?$/);
  assert.equal(decimals.length, exponentOf(currency));
  return Number(`${whole}${decimals}`) * (direction === 'DBIT' ? -1 : 1);
}

function batchesOf(life: readonly Command[], currency: string | null): readonly SettlementBatch[] {
  const world = openWorld(openBanking.bankRules);
  const terms = { ...openBanking.settlement.terms, currency, exchangeRates: { GBP: '1.1734', JPY: '0.0061' } };
  const account = new SettlementAccount({ psp: 'bank', clock: { now: () => world.clock.nowMs }, terms: () => terms });
  const taken = [0, 1, 2].map((n): Command => ({
    kind: 'create',
    n,
    currency: CURRENCIES[n]!,
    part: 1,
    manual: false,
  }));
  for (const [index, one] of [...taken, ...life].entries()) {
    const known = world.changes.length;
    problemOf(() => run(world, one));
    for (const change of world.changes.slice(known)) account.follow(change);
    world.clock.nowMs += 7_200_000;
    if (index % 10 === 9) account.closeNow();
  }
  account.closeNow();
  return account.batches();
}

function check(batch: SettlementBatch): number {
  const { body } = statementFile(batch, { name: 'bank' });
  assert.equal(XMLValidator.validate(body), true);
  const document = (parser.parse(body) as { Document: { '@_xmlns': string; BkToCstmrStmt: { Stmt: Stmt } } }).Document;
  assert.equal(document['@_xmlns'], NAMESPACE);
  const { Stmt: statement } = document.BkToCstmrStmt;
  const { Bal: balances, Ntry: entries = [], TxsSummry: summary } = statement;
  inOrder('Stmt', statement);
  assert.ok(isIban(statement.Acct.Id.IBAN));
  assert.equal(statement.Acct.Ccy, batch.currency);
  assert.deepEqual(
    balances.map(({ Tp }) => Tp.CdOrPrtry.Cd),
    ['OPBD', 'CLBD'],
  );
  const [opening = 0, closing = 0] = balances.map(({ Amt, CdtDbtInd }) => minor(Amt, CdtDbtInd));
  const moved = new Map<string, number>();
  for (const entry of entries) {
    inOrder('Ntry', entry);
    inOrder('TxDtls', entry.NtryDtls.TxDtls);
    assert.equal(entry.Amt['@_Ccy'], batch.currency);
    assert.ok(!moved.has(entry.NtryRef), `${entry.NtryRef} stands there twice`);
    assert.ok(entry.NtryDtls.TxDtls.Refs.EndToEndId.length <= 35);
    moved.set(entry.NtryRef, minor(entry.Amt, entry.CdtDbtInd));
  }
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  assert.equal(opening, batch.carriedMinor);
  assert.equal(opening + sum(moved.values()), closing);
  assert.equal(closing, Math.min(0, batch.carriedMinor + batch.netMinor), 'what is positive is transferred');
  for (const line of batch.lines)
    assert.equal((moved.get(line.id) ?? 0) + (moved.get(`${line.id}-fee`) ?? 0), line.netMinor, line.id);
  assert.equal(moved.get(`${batch.id}-transfer`) ?? 0, 0 - batch.transferMinor);
  const total = ({ Sum }: Total): number => minor({ '#text': Sum, '@_Ccy': batch.currency });
  const credits = sum([...moved.values()].filter((value) => value > 0));
  const debits = 0 - sum([...moved.values()].filter((value) => value < 0));
  assert.deepEqual(
    [total(summary.TtlCdtNtries), total(summary.TtlDbtNtries), total(summary.TtlNtries)],
    [credits, debits, credits + debits],
  );
  assert.equal(Number(summary.TtlNtries.NbOfNtries), entries.length);
  return entries.length;
}

describe('the bank statement (camt.053)', () => {
  it('says of every line and of the whole what the batch says (random lives, fees and exchange)', () => {
    let entries = 0;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), fc.constantFrom('EUR', null), (life, currency) => {
        for (const batch of batchesOf(life, currency)) entries += check(batch);
      }),
      { numRuns: 100 },
    );
    assert.ok(entries > 500, `only ${entries} entries were compared`);
  });

  it('carries references that XML would take for its own', () => {
    const [batch] = batchesOf([], 'EUR');
    const [line] = batch?.lines ?? [];
    assert.ok(batch && line);
    const reference = `<a href="x">&amp;'</a>`;
    const { body } = statementFile({ ...batch, lines: [{ ...line, reference }] }, { name: 'bank' });
    const parsed = parser.parse(body) as { Document: { BkToCstmrStmt: { Stmt: Stmt } } };
    const [entry] = parsed.Document.BkToCstmrStmt.Stmt.Ntry ?? [];
    assert.equal(entry?.NtryDtls.TxDtls.RmtInf.Ustrd, reference);
  });
});
