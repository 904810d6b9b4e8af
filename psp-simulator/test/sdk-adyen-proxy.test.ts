/**
 * The unmodified official Adyen SDK at its own hard-coded hosts: its option `httpClient.proxy` leads
 * it through the simulator's proxy, which answers for all three of Adyen's APIs. The CA is
 * trusted where Node makes every TLS context, as `NODE_EXTRA_CA_CERTS` does it for a process.
 */
import assert from 'node:assert/strict';
import tls from 'node:tls';
import { AMOUNT, card, CheckoutAPI, Client, DisputesAPI, EnvironmentEnum, PayoutAPI } from './adyen-client.ts';
import { openReachStage, type ReachStage } from './reach-support.ts';

describe('the adyen SDK through the proxy', () => {
  const plainContext = tls.createSecureContext;
  let stage: ReachStage;
  let client: InstanceType<typeof Client>;
  let merchantAccount = '';
  before(async () => {
    stage = await openReachStage([{ name: 'adyen', dialect: 'adyen' }]);
    tls.createSecureContext = (options) => {
      const made = plainContext(options);
      (made.context as { addCACert(pem: string): void }).addCACert(stage.ca);
      return made;
    };
    client = new Client({ apiKey: stage.credential('adyen', 'apiKey'), environment: EnvironmentEnum.TEST });
    const { hostname, port } = new URL(stage.proxyUrl);
    client.httpClient.proxy = { host: hostname, port: Number(port) };
    merchantAccount = stage.credential('adyen', 'merchantAccount');
  });
  after(async () => {
    tls.createSecureContext = plainContext;
    await stage.close();
  });

  it('pays at checkout-test.adyen.com', async () => {
    const answer = await new CheckoutAPI(client).PaymentsApi.payments({
      amount: AMOUNT,
      merchantAccount,
      reference: 'order-1',
      returnUrl: 'https://shop.example/return',
      paymentMethod: card('test_4111111145551142'),
    });
    assert.equal(answer.resultCode, 'Authorised');
  });

  it('pays out at pal-test.adyen.com', async () => {
    const answer = await new PayoutAPI(client).InstantPayoutsApi.payout({
      amount: AMOUNT,
      merchantAccount,
      reference: 'payout-1',
      card: { number: '4111111145551142', expiryMonth: '03', expiryYear: '2030', holderName: 'Player' },
    });
    assert.equal(answer.resultCode, 'Received');
  });

  it('asks about disputes at ca-test.adyen.com', async () => {
    const answer = await new DisputesAPI(client).DisputesApi.acceptDispute({
      disputePspReference: 'NOSUCHDISPUTE000',
      merchantAccountCode: merchantAccount,
    });
    assert.deepEqual(
      { ...answer.disputeServiceResult },
      { errorMessage: 'The dispute does not exist', success: false },
    );
  });
});
