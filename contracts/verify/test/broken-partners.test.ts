/**
 * A PSP that is wrong in one way is found, by the check that is about it; the same PSP without the
 * mistake passes them all. Goal: the partner command is worth running.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { startBrokenPartner, type BrokenPartner, type Message, type Wrong } from './broken-partner.ts';
import { exitCodeOf } from '../verify.ts';

type Change = NonNullable<Wrong['delivery']>;

const inAnswers = (alter: (text: string) => string): Wrong => ({
  answer: (answer: Message) => ({ ...answer, text: alter(answer.text) }),
});

/** Signed anew, so that only what was changed is wrong. */
function signedAnew(text: string, headers: Record<string, string>, secret: string, secondsAgo = 0): ReturnType<Change> {
  const time = Number(/t=(\d+)/.exec(headers['stripe-signature'] ?? '')?.[1]) - secondsAgo;
  const hex = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex');
  return { text, headers: { ...headers, 'stripe-signature': `t=${time},v1=${hex}` } };
}

function newIdAtRetry(): Change {
  const seen = new Set<string>();
  return ({ text, headers }, secret) => {
    if (!seen.has(text)) {
      seen.add(text);
      return { text, headers };
    }
    return signedAnew(text.replace(/"id":\s*"evt_/, '$&again'), headers, secret);
  };
}

const flip = (header: string): string => header.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'));

interface Case {
  what: string;
  wrong: () => Wrong;
  found: string;
}

const CASES: readonly Case[] = [
  {
    what: 'a field has another name',
    wrong: () => inAnswers((text) => text.replaceAll('"amount_received"', '"amount_taken"')),
    found: 'calls.a-card-payment-that-is-captured-at-once',
  },
  {
    what: 'an amount is a text',
    wrong: () => inAnswers((text) => text.replaceAll(/"amount_received":\s*(\d+)/g, '"amount_received":"$1"')),
    found: 'semantics.money',
  },
  {
    what: 'an event is never sent',
    wrong: () => ({ delivery: (sent) => (sent.text.includes('"payout.paid"') ? null : sent) }),
    found: 'webhooks.payout-paid.a-paid-payout',
  },
  {
    what: 'signatures have wrong bytes',
    wrong: () => ({
      delivery: ({ text, headers }) => ({
        text,
        headers: { ...headers, 'stripe-signature': flip(headers['stripe-signature'] ?? '') },
      }),
    }),
    found: 'webhooks.signature',
  },
  {
    what: 'a retry is another event',
    wrong: () => ({ delivery: newIdAtRetry() }),
    found: 'webhooks.retry-same-id',
  },
  { what: 'nothing is sent again', wrong: () => ({ neverRetries: true }), found: 'webhooks.retry' },
  {
    what: 'signed times are old',
    wrong: () => ({ delivery: ({ text, headers }, secret) => signedAnew(text, headers, secret, 3_600) }),
    found: 'webhooks.signed-time',
  },
  {
    what: 'a repeated call is answered otherwise',
    wrong: () => ({
      answer: (answer) =>
        answer.headers['idempotent-replayed'] === undefined
          ? answer
          : { ...answer, text: answer.text.replaceAll(/"amount_received":\s*\d+/g, '"amount_received":4900') },
    }),
    found: 'semantics.same-key-same-answer',
  },
  {
    what: 'an unknown id is answered with another status',
    wrong: () => ({ answer: (answer) => (answer.status === 404 ? { ...answer, status: 400 } : answer) }),
    found: 'semantics.unknown-id',
  },
  {
    what: 'an error has no code',
    wrong: () => inAnswers((text) => text.replaceAll(/"code":\s*"card_declined",?/g, '')),
    found: 'calls.a-card-payment-that-the-issuer-declines',
  },
  {
    what: 'the currency is in capitals',
    wrong: () => inAnswers((text) => text.replaceAll(/"currency":\s*"eur"/g, '"currency":"EUR"')),
    found: 'calls.a-card-payment-that-is-captured-at-once',
  },
  {
    what: 'the idempotency key is ignored',
    wrong: () => ({
      request: (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'idempotency-key')),
    }),
    found: 'semantics.same-key-one-payment',
  },
  {
    what: 'money that does not exist is taken',
    wrong: () => ({ requestBody: (text) => text.replace('currency=zzz', 'currency=eur') }),
    found: 'semantics.currency-unknown',
  },
  {
    what: 'anybody is let in',
    wrong: () => ({
      request: (headers) => ({ ...headers, authorization: headers['authorization'] ?? lastSeen(headers) }),
    }),
    found: 'semantics.no-credentials',
  },
];

let key = '';
/** The key of whoever called before. */
function lastSeen(_headers: Record<string, string>): string {
  return key;
}

describe('a PSP that does not keep the contract', () => {
  let partner: BrokenPartner;
  before(async () => {
    partner = await startBrokenPartner();
  });
  after(() => partner.close());

  it('is not seen where there is none', async () => {
    const remember = (headers: Record<string, string>): Record<string, string> => {
      key = headers['authorization'] ?? key;
      return headers;
    };
    const verification = await partner.verify({ request: remember }, []);
    const troubles = verification.results.filter(({ finding }) => finding.verdict !== 'pass');
    assert.deepEqual(troubles, []);
    assert.equal(exitCodeOf(verification), 0);
    assert.ok(verification.results.length > 70, `${verification.results.length} checks`);
  });

  for (const { what, wrong, found } of CASES) {
    it(`${found} finds that ${what}`, async () => {
      const verification = await partner.verify(wrong(), ['preflight.*', found]);
      const verdicts = Object.fromEntries(verification.results.map(({ id, finding }) => [id, finding.verdict]));
      assert.equal(verdicts[found], 'fail', JSON.stringify(verification.results, null, 1));
      assert.equal(exitCodeOf(verification), 1);
    });
  }
});
