/** Disputes as they are told step by step, the report and who may read it, and who may call at all. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import type { Answer } from '../../../test/bench.ts';
import { NOW, openMerchant, type Merchant } from './merchant.ts';

const DAY_MS = 24 * 3_600_000;
const DISPUTES = '/ca/services/DisputeService/v30';

describe('disputes at adyen', () => {
  let merchant: Merchant;
  beforeEach(async () => {
    merchant = await openMerchant({
      disputeDelay: { kind: 'fixed', ms: DAY_MS },
      disputeDecision: { kind: 'fixed', ms: 5 * DAY_MS },
    });
  });
  afterEach(() => merchant.bench.close());

  const told = (): string[] =>
    merchant
      .items()
      .slice(1)
      .map(({ eventCode, additionalData }) => `${eventCode} ${additionalData['disputeStatus'] ?? ''}`.trim());
  const disputed = async (holderName: string): Promise<string> => {
    await merchant.pay({}, { holderName });
    await merchant.pass(DAY_MS + 1_000);
    return merchant.items().at(-1)?.pspReference ?? '';
  };
  const call = (what: string, disputePspReference: string, more: object = {}): Promise<Answer> =>
    merchant.post(`${DISPUTES}/${what}`, { disputePspReference, ...more });
  const result = ({ json }: Answer): unknown => (json['disputeServiceResult'] as { success: boolean }).success;
  const defend = async (id: string, type: string, reason: string): Promise<Answer> => {
    const document = { content: 'cGRm', contentType: 'application/pdf', defenseDocumentTypeCode: type };
    await call('supplyDefenseDocument', id, { defenseDocuments: [document] });
    return call('defendDispute', id, { defenseReasonCode: reason });
  };

  const OPENED = ['NOTIFICATION_OF_CHARGEBACK Undefended', 'CHARGEBACK Undefended'];

  it('are lost when nobody answers in time', async () => {
    await disputed('Chargeback:13.1');
    await merchant.pass(14 * DAY_MS);
    assert.deepEqual(told(), [...OPENED, 'DISPUTE_DEFENSE_PERIOD_ENDED Expired']);
  });

  it('are lost at once when they are accepted, and then cannot be defended', async () => {
    const id = await disputed('Chargeback:10.4');
    assert.equal(result(await call('acceptDispute', id)), true);
    assert.equal(result(await defend(id, 'TIDorInvoice', 'FraudCompellingEvidence')), false);
    await merchant.pass(1_000);
    assert.deepEqual(told(), ['NOTIFICATION_OF_FRAUD', ...OPENED, 'DISPUTE_DEFENSE_PERIOD_ENDED Accepted']);
  });

  it('give the money back for the time being, and take it again when the defense fails', async () => {
    await disputed('Second Chargeback');
    await merchant.pass(6 * DAY_MS);
    assert.deepEqual(told(), [...OPENED, 'CHARGEBACK_REVERSED Pending', 'SECOND_CHARGEBACK Lost']);
    const ids = new Set(
      merchant
        .items()
        .slice(1)
        .map(({ pspReference }) => pspReference),
    );
    assert.equal(ids.size, 1, 'all events of a dispute have its reference');
  });

  it('are won after a defense when the issuer does not answer', async () => {
    const id = await disputed('Chargeback Reversed');
    assert.equal(result(await defend(id, 'DefenseMaterial', 'ServicesProvided')), true);
    await merchant.pass(6 * DAY_MS);
    assert.deepEqual(told(), [
      ...OPENED,
      'INFORMATION_SUPPLIED Pending',
      'CHARGEBACK_REVERSED Pending',
      'ISSUER_RESPONSE_TIMEFRAME_EXPIRED Won',
    ]);
  });

  it('want the right document for the right reason', async () => {
    const id = await disputed('Chargeback:10.4');
    assert.equal(result(await defend(id, 'DefenseMaterial', 'FraudCompellingEvidence')), false);
    assert.equal(result(await defend(id, 'TIDorInvoice', 'ServicesProvided')), false);
    assert.equal(result(await call('deleteDisputeDefenseDocument', id, { defenseDocumentType: 'TIDorInvoice' })), true);
    assert.equal(result(await call('defendDispute', id, { defenseReasonCode: 'FraudCompellingEvidence' })), false);
    assert.equal(result(await call('acceptDispute', 'NOSUCHDISPUTE000')), false);
  });
});

describe('the report of adyen', () => {
  let merchant: Merchant;
  beforeEach(async () => {
    merchant = await openMerchant({ settlement: { announce: true }, payoutSettlement: NOW });
  });
  afterEach(() => merchant.bench.close());

  const basic = (user: string, password: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  it('is announced when the batch is closed, with the URL at which its user reads it', async () => {
    await merchant.pay();
    await merchant.pass(4 * DAY_MS);
    const item = merchant.items().at(-1);
    assert.deepEqual(
      [item?.eventCode, item?.pspReference, item?.amount.value],
      ['REPORT_AVAILABLE', 'settlement_detail_report_batch_1_EUR.csv', 0],
    );
    const { credentials } = merchant.bench.psp();
    const read = (headers: Record<string, string>) => merchant.bench.exchange(item?.reason ?? '', { headers });
    const answer = await read(basic(credentials['reportUser'] ?? '', credentials['reportPassword'] ?? ''));
    const rows: Record<string, string>[] = parse(answer.body, { columns: true });
    assert.deepEqual(
      rows.map((row) => [row['Type'], row['Merchant Reference']]),
      [
        ['Settled', 'order-1'],
        ['MerchantPayout', ''],
      ],
    );
    assert.equal((await read(basic('report@Company.Other', 'guess'))).status, 401);
    const other = (item?.reason ?? '').replace('batch_1', 'batch_9');
    const headers = { 'x-api-key': credentials['apiKey'] ?? '' };
    assert.equal((await merchant.bench.exchange(other, { headers })).status, 404);
  });

  it('is not all that the report user may see: payments are not', async () => {
    const { credentials } = merchant.bench.psp();
    const report = basic(credentials['reportUser'] ?? '', credentials['reportPassword'] ?? '');
    const service = basic(credentials['username'] ?? '', credentials['password'] ?? '');
    const body = { merchantAccount: merchant.account };
    assert.equal((await merchant.send('POST', '/v72/paymentMethods', { headers: report, body })).status, 401);
    assert.equal((await merchant.send('POST', '/v72/paymentMethods', { headers: service, body })).status, 200);
  });
});
