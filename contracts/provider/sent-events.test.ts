/**
 * Message pacts for every webhook that the service reads: each event that a simulated PSP can
 * send is parsed by the service's adapter, and what is not irrelevant to it stands in the pact.
 */
import assert from 'node:assert/strict';
import { CONTRACTED_DIALECTS } from '../consumer/example-credentials.ts';
import { listPacts, readPact } from '../index.ts';
import { readSentEvents } from './sent-events.ts';

/** Read and yet in no message pact, each for a reason. */
const WITHOUT_PACT: Readonly<Record<string, string>> = {
  'mollie classic': 'a form with an id and nothing else: what is read of the payment that it names is in the calls',
  'adyen CANCEL_OR_REFUND success=true': 'only reversals that we never ask for end in it',
  'adyen REFUNDED_REVERSED success=true': 'repeats what REFUND_FAILED tells, under a reference of its own',
};

describe('the events that the service reads', () => {
  const seen = new Set<string>();

  for (const dialect of CONTRACTED_DIALECTS)
    it(`of ${dialect} all stand in its pact`, async () => {
      const path = listPacts().find((one) => one.endsWith(`psp-${dialect}.json`));
      const inPact = new Set(
        readPact(path ?? '')
          .interactions.filter(({ type }) => type === 'Asynchronous/Messages')
          .map(({ description }) => description.replace(/^webhook /, '')),
      );
      const read = [...(await readSentEvents(dialect))]
        .filter(([, outcomes]) => [...outcomes].some((outcome) => outcome !== 'irrelevant'))
        .map(([name]) => name);
      assert.ok(read.length >= 8, `${dialect} sent only ${read.join(', ')}`);
      for (const name of read) seen.add(`${dialect} ${name}`);
      const missing = read.filter((name) => !inPact.has(name) && WITHOUT_PACT[`${dialect} ${name}`] === undefined);
      assert.deepEqual(missing, []);
    });

  it('are left out for a reason only where they are read', () => {
    // Mollie sends its classic webhook to who gives an address with the payment.
    const unread = Object.keys(WITHOUT_PACT).filter((name) => name !== 'mollie classic' && !seen.has(name));
    assert.deepEqual(unread, []);
  });
});
