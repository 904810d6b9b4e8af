import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementRecord } from '../../../ports/settlement.ts';
import { parseBankStatement } from './settlement.ts';

const ID = 'a8a22485-8cf5-474e-8fbf-2235671e4bb4';
const PART = 'afddee7b-b326-4a7e-9d5d-dd4c8293409e';

interface Entry {
  amount?: string;
  sign?: 'CRDT' | 'DBIT';
  codes?: [family: string, subFamily: string];
  info?: string;
  reference?: string;
  servicer?: string;
  more?: string;
}

function entry(options: Entry = {}): string {
  const { amount = '50.00', sign = 'CRDT', codes = ['RRCT', 'ESCT'], reference = 'att_1', more = '' } = options;
  const info = options.info === undefined ? `payment ${ID}` : options.info;
  const servicer = (options.servicer ?? ID).replaceAll('-', '');
  return `<Ntry><NtryRef>1</NtryRef><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><DtTm>2026-01-05T09:00:00.000Z</DtTm></BookgDt>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${codes[0]}</Cd><SubFmlyCd>${codes[1]}</SubFmlyCd></Fmly></Domn></BkTxCd>
    <NtryDtls><TxDtls><Refs><AcctSvcrRef>${servicer}</AcctSvcrRef><EndToEndId>${reference}</EndToEndId></Refs>${more}
    <RmtInf><Ustrd>${reference}</Ustrd></RmtInf>${info === '' ? '' : `<AddtlTxInf>${info}</AddtlTxInf>`}</TxDtls></NtryDtls></Ntry>`;
}

const fee = (options: Entry = {}): string =>
  entry({ amount: '0.20', sign: 'DBIT', codes: ['MDOP', 'CHRG'], info: `fee ${ID}`, ...options });

function balance(code: string, value: string, sign = 'CRDT'): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${value}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt></Bal>`;
}

function statement(entries: readonly string[], balances = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>m1</MsgId></GrpHdr>
<Stmt><Id>batch-1</Id><Acct><Ccy>EUR</Ccy></Acct>${balances}${entries.join('\n')}</Stmt></BkToCstmrStmt></Document>\n`;
}

async function read(text: string, pieces = 11): Promise<SettlementRecord[]> {
  const bytes = Buffer.from(text);
  async function* input(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieces) yield await Promise.resolve(bytes.subarray(at, at + pieces));
  }
  const records: SettlementRecord[] = [];
  const about = { psp: 'bank', fileName: 'camt053.xml' };
  for await (const record of parseBankStatement(input(), about)) records.push(record);
  return records;
}

describe('bank statements', () => {
  it('reads a payment, and the fee behind it as its fee', async () => {
    const expected = {
      kind: 'payment',
      batch: 'batch-1',
      pspReference: ID,
      partReference: null,
      reference: 'att_1',
      grossMinor: 5_000,
      currency: 'EUR',
      netMinor: 4_980,
      feeMinor: 20,
      settlementCurrency: 'EUR',
      occurredAt: Date.parse('2026-01-05T09:00:00Z'),
      line: 1,
    };
    assert.deepEqual(await read(statement([entry(), fee()])), [expected]);
    for (const pieces of [1, 2, 1_000_000])
      assert.deepEqual(await read(statement([entry(), fee()]), pieces), [expected]);
  });

  it('leaves a fee that belongs to nothing before it by itself', async () => {
    const other = fee({ info: `fee ${PART}` });
    const records = await read(statement([fee(), entry(), other, entry(), fee(), fee()]));
    assert.deepEqual(
      records.map(({ kind, netMinor, feeMinor }) => [kind, netMinor, feeMinor]),
      [
        ['fee', -20, 0],
        ['payment', 5_000, 0],
        ['fee', -20, 0],
        ['payment', 4_980, 20],
        ['fee', -20, 0],
      ],
    );
  });

  for (const [word, kind, sign] of [
    ['refund', 'refund', 'DBIT'],
    ['refund-failed', 'refund_failed', 'CRDT'],
    ['payout', 'payout', 'DBIT'],
    ['payout-returned', 'payout_returned', 'CRDT'],
    ['transfer', 'transfer', 'DBIT'],
  ] as const)
    it(`reads ${word} as ${kind}`, async () => {
      const text = entry({ sign, codes: ['IRCT', 'ESCT'], info: `${word} ${ID}`, servicer: PART });
      const [record] = await read(statement([text]));
      assert.deepEqual(
        [record?.kind, record?.pspReference, record?.partReference, record?.netMinor],
        [kind, ID, PART, sign === 'CRDT' ? 5_000 : -5_000],
      );
    });

  it('goes by the bank transaction code where the provider adds no word, and guesses nothing', async () => {
    const [payment] = await read(statement([entry({ info: '' })]));
    assert.deepEqual([payment?.kind, payment?.pspReference], ['payment', ID]);
    const [either] = await read(statement([entry({ info: '', codes: ['IRCT', 'ESCT'], sign: 'DBIT' })]));
    assert.equal(either?.kind, 'unknown');
    assert.ok(either.raw?.startsWith('<Ntry>'));
  });

  it('does not take apart what the bank booked as one', async () => {
    const more = `</TxDtls><TxDtls>`;
    assert.equal((await read(statement([entry({ more })])))[0]?.kind, 'unknown');
  });

  it('reads what was instructed in another currency', async () => {
    const more = '<AmtDtls><InstdAmt><Amt Ccy="JPY">8000</Amt></InstdAmt></AmtDtls>';
    const [record] = await read(statement([entry({ more })]));
    assert.deepEqual(
      [record?.grossMinor, record?.currency, record?.netMinor, record?.settlementCurrency],
      [8_000, 'JPY', 5_000, 'EUR'],
    );
  });

  it('reads the balances as carried over, so that all adds up to nothing', async () => {
    const balances = `${balance('OPBD', '10.00')}${balance('CLBD', '35.00')}${balance('CLAV', '99.00')}`;
    const transfer = entry({ amount: '25.00', sign: 'DBIT', info: 'transfer', codes: ['ICDT', 'BOOK'] });
    const records = await read(statement([entry(), transfer], balances));
    const carried = records.filter(({ kind }) => kind === 'carried_over' || kind === 'carried_on');
    assert.deepEqual(
      carried.map(({ netMinor, occurredAt }) => [netMinor, occurredAt]),
      [
        [1_000, Date.parse('2026-01-05')],
        [-3_500, Date.parse('2026-01-05')],
      ],
    );
    assert.equal(
      records.reduce((sum, { netMinor }) => sum + netMinor, 0),
      0,
    );
  });

  it('reads a file whose elements have a prefix, and texts with entities', async () => {
    const text = statement([entry({ reference: 'a&amp;b&#x20AC;' })], balance('OPBD', '1.00'));
    const prefixed = text.replace(/<(\/?)(\w)/g, '<$1ns2:$2').replace('xmlns=', 'xmlns:ns2=');
    for (const one of [text, prefixed]) {
      const records = await read(one);
      assert.deepEqual(
        records.map(({ kind, reference }) => [kind, reference]),
        [
          ['payment', 'a&b€'],
          ['carried_over', null],
        ],
      );
    }
  });

  it('has nothing to say of a day without entries', async () => {
    assert.deepEqual(await read(statement([])), []);
  });

  const whole = statement([entry(), entry()]);
  for (const [what, text, line] of [
    ['nothing', '', null],
    ['no statement', '<html></html>', null],
    ['a statement without an Id', whole.replace('<Id>batch-1</Id>', ''), 0],
    ['a file cut inside an entry', whole.slice(0, whole.length - 200), 1],
    ['a file cut behind an entry', whole.replace('</Document>', ''), 2],
    ['an entry without a sign', statement([entry(), entry().replace('<CdtDbtInd>CRDT</CdtDbtInd>', '')]), 2],
    ['an amount that is none', statement([entry({ amount: 'x' })]), 1],
    ['an amount without a currency', statement([entry().replace(' Ccy="EUR"', '')]), 1],
    ['a time that is none', statement([entry().replace('2026-01-05T', 'today ')]), 1],
  ] as const)
    it(`refuses ${what}`, async () => {
      await assert.rejects(read(text), (error: unknown) => {
        assert.ok(error instanceof MalformedSettlementError, String(error));
        assert.equal(error.line, line);
        return true;
      });
    });
});
